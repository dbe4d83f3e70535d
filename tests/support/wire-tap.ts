import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Haystack } from './canary.ts';
import { FrameReader, type WireFrame } from './websocket-bytes.ts';

const endOfHead = '\r\n\r\n';

interface Conversation {
  readonly request: Stream;
  readonly response: Stream;
}

/** One direction of one TCP connection. */
class Stream {
  readonly bytes: Buffer[] = [];
  readonly frames: WireFrame[] = [];
  head = '';
  private readonly reader = new FrameReader();
  private beforeFrames: Buffer | null = Buffer.alloc(0);

  take(chunk: Buffer): void {
    this.bytes.push(chunk);
    if (!this.beforeFrames) return void this.frames.push(...this.reader.read(chunk));
    this.beforeFrames = Buffer.concat([this.beforeFrames, chunk]);
    const end = this.beforeFrames.indexOf(endOfHead);
    if (end < 0 || this.head) return;
    this.head = this.beforeFrames.subarray(0, end).toString('latin1');
    if (!isUpgrade(this.head)) return;
    const rest = this.beforeFrames.subarray(end + endOfHead.length);
    this.beforeFrames = null;
    this.frames.push(...this.reader.read(rest));
  }
}

const isUpgrade = (head: string): boolean => /^upgrade: *websocket\r?$/im.test(head);

/**
 * Stands between a browser and the server as a reverse proxy would, adds headers to every request, and
 * keeps every byte that passes in both directions.
 */
export class WireTap {
  readonly port: number;
  private readonly server: Server;
  private readonly conversations: Conversation[] = [];
  private readonly open = new Set<Socket>();
  private isCut = false;

  private constructor(server: Server) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async before(port: number, headers: Record<string, string> = {}): Promise<WireTap> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const tap = new WireTap(server);
    const added = Object.entries(headers).map(([name, value]) => `\r\n${name}: ${value}`);
    server.on('connection', (browser) => tap.join(browser, port, added.join('')));
    return tap;
  }

  /** Every line ends, and nobody gets through until `mend`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.open) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }

  /** The heads of all requests for a WebSocket, with their answers. */
  get upgrades(): { request: string; response: string }[] {
    return this.conversations
      .filter(({ request }) => isUpgrade(request.head))
      .map(({ request, response }) => ({ request: request.head, response: response.head }));
  }

  get frames(): WireFrame[] {
    return this.conversations.flatMap(({ request, response }) => [
      ...request.frames,
      ...response.frames
    ]);
  }

  /** All that passed: WebSocket frames unmasked, and each direction's bytes as they were. */
  *haystacks(): Generator<Haystack> {
    for (const [index, { request, response }] of this.conversations.entries())
      for (const [name, { bytes, frames }] of Object.entries({ request, response })) {
        const where = `line ${index}, ${name}`;
        yield { where, bytes: Buffer.concat(bytes) };
        for (const { payload } of frames) yield { where: `${where}, frame`, bytes: payload };
      }
  }

  private join(browser: Socket, port: number, headers: string): void {
    if (this.isCut) return void browser.destroy();
    const server = connect(port, '127.0.0.1');
    const conversation = { request: new Stream(), response: new Stream() };
    this.conversations.push(conversation);
    browser.on('data', (chunk: Buffer) => {
      const passed = withHeaders(chunk, headers);
      conversation.request.take(passed);
      server.write(passed);
    });
    server.on('data', (chunk: Buffer) => {
      conversation.response.take(chunk);
      browser.write(chunk);
    });
    for (const [socket, other] of [
      [browser, server],
      [server, browser]
    ] as const) {
      this.open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.open.delete(socket);
        other.destroy();
      });
    }
  }
}

/** A browser sends the head of a request in one piece. */
function withHeaders(chunk: Buffer, headers: string): Buffer {
  const end = chunk.indexOf(endOfHead);
  if (!headers || end < 0 || !/^(?:GET|POST) /.test(chunk.toString('latin1', 0, 5))) return chunk;
  return Buffer.concat([chunk.subarray(0, end), Buffer.from(headers), chunk.subarray(end)]);
}
