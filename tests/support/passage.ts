import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

type Carry = (near: Socket, far: Socket) => unknown;
const carryAtOnce: Carry = (near, far) => near.pipe(far).pipe(near);

/**
 * A way to a port of this machine that a test can slow down or shut: what runs through it is cut, and
 * nothing new comes. Each side hangs up with the other.
 */
export class Passage {
  private readonly server: Server;
  private readonly open = new Set<Socket>();

  private constructor(port: number, carry: Carry) {
    this.server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near]
      ] as const) {
        this.open.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.open.delete(one);
          other.destroy();
        });
      }
      carry(near, far);
    });
  }

  /** @param carry takes what each side says to the other */
  static async to(port: number, carry = carryAtOnce): Promise<Passage> {
    const passage = new Passage(port, carry);
    passage.server.listen(0, '127.0.0.1');
    await once(passage.server, 'listening');
    return passage;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cut and not mended: the process behind it has died, or its cable. */
  shut(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }
}
