import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a port of this machine that a test can shut: what runs through it is cut, and nothing new comes. */
export class TcpGate {
  private readonly server: Server;
  private readonly open = new Set<Socket>();

  private constructor(server: Server) {
    this.server = server;
  }

  static async before(port: number): Promise<TcpGate> {
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near]
      ] as const) {
        gate.open.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          gate.open.delete(one);
          other.destroy();
        });
      }
    });
    const gate = new TcpGate(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return gate;
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
