import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { aCertificate } from './neutral-site.ts';

const ours = () => readFileSync(new URL('../../deploy/caddy/Caddyfile', import.meta.url), 'utf8');

/**
 * Debian's Caddy with `deploy/caddy/Caddyfile`; only names, ports and the certificate differ, and it
 * stands on a port without TLS as well.
 */
export class Caddy {
  /** Without TLS. */
  readonly port: number;
  readonly tlsPort: number;
  /** Everything it could write lies below. */
  readonly folder: string;
  output = '';
  private readonly child: ChildProcess;

  private constructor(folder: string, port: number, tlsPort: number) {
    this.folder = folder;
    this.port = port;
    this.tlsPort = tlsPort;
    const words = ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'];
    const environment = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    this.child = spawn('/usr/bin/caddy', words, {
      ...{ cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] }
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /**
   * @param nodes ports on 127.0.0.1, or addresses with their ports
   * @param change makes the configuration another one, to show that a test would notice
   */
  static async before(
    nodes: readonly (number | string)[],
    change = (configuration: string): string => configuration,
    onPort: number | null = null
  ): Promise<Caddy> {
    const [port, tlsPort] = [onPort ?? (await freePort()), await freePort()];
    const folder = mkdtempSync(join(tmpdir(), 'frirum-caddy-'));
    const { cert, key } = aCertificate();
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    writeFileSync(join(folder, 'Caddyfile'), change(configurationOf(port, tlsPort, nodes)));
    const caddy = new Caddy(folder, port, tlsPort);
    await caddy.listens();
    return caddy;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Of its certificate. */
  get authority(): string {
    return readFileSync(join(this.folder, 'cert.pem'), 'utf8');
  }

  async stop(): Promise<void> {
    const gone = this.child.exitCode === null ? once(this.child, 'exit') : null;
    // It waits for open WebSockets when it is asked gently.
    this.child.kill('SIGKILL');
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async listens(): Promise<void> {
    const until = Date.now() + 15_000;
    for (;;) {
      const socket = connect(this.port, '127.0.0.1');
      const isUp = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false)
      ]).catch(() => false);
      socket.destroy();
      if (isUp) return;
      if (Date.now() > until || this.child.exitCode !== null)
        throw new Error(`Caddy does not listen: ${this.output}`);
      await new Promise((soon) => setTimeout(soon, 30));
    }
  }
}

function configurationOf(port: number, tlsPort: number, nodes: readonly (number | string)[]) {
  const hosts = nodes.map((node) => (typeof node === 'number' ? `127.0.0.1:${node}` : node));
  const [general = '', site = ''] = ours()
    .replace('reverse_proxy 127.0.0.1:3000', `reverse_proxy ${hosts.join(' ')}`)
    .split('chat.example.dk {\n');
  const tls = /^\ttls \{\n[^}]*\}\n/m;
  return [
    general.replace('{\n', '{\n\tadmin off\n\tauto_https disable_redirects\n'),
    `https://localhost:${tlsPort} {\n\tbind 127.0.0.1\n`,
    site.replace('tls {', 'tls cert.pem key.pem {'),
    `http://localhost:${port}, http://127.0.0.1:${port} {\n\tbind 127.0.0.1\n`,
    site.replace(tls, '')
  ].join('\n');
}
