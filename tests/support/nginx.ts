import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const ours = (name: string) =>
  readFileSync(new URL(`../../deploy/nginx/${name}`, import.meta.url), 'utf8');

/** Debian's nginx with the configuration of `deploy/nginx`; only the nodes' ports and the listening differ. */
export class Nginx {
  readonly port: number;
  /** Everything it could write lies below. */
  readonly folder = mkdtempSync(join(tmpdir(), 'frirum-nginx-'));
  output = '';
  private readonly child: ChildProcess;

  private constructor(port: number, configuration: string) {
    this.port = port;
    mkdirSync(join(this.folder, 'logs'));
    writeFileSync(join(this.folder, 'nginx.conf'), configuration);
    const words = ['-p', this.folder, '-c', 'nginx.conf', '-e', 'logs/start.log'];
    this.child = spawn('/usr/sbin/nginx', words, { stdio: ['ignore', 'pipe', 'pipe'] });
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
  ): Promise<Nginx> {
    const port = onPort ?? (await freePort());
    const nginx = new Nginx(port, change(configurationOf(port, nodes)));
    await nginx.listens();
    return nginx;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    const gone = this.child.exitCode === null ? once(this.child, 'exit') : null;
    this.child.kill('SIGTERM');
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async listens(): Promise<void> {
    const until = Date.now() + 5_000;
    for (;;) {
      const socket = connect(this.port, '127.0.0.1');
      const isUp = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false)
      ]).catch(() => false);
      socket.destroy();
      if (isUp) return;
      if (Date.now() > until) throw new Error(`nginx does not listen: ${this.output}`);
      await new Promise((soon) => setTimeout(soon, 30));
    }
  }
}

function configurationOf(port: number, nodes: readonly (number | string)[]): string {
  const line = / *server 127\.0\.0\.1:3000(?<rest>[^\n]*)\n/;
  const rest = line.exec(ours('frirum-upstream.conf'))?.groups?.['rest'] ?? '';
  const upstream = nodes
    .map((node) => `  server ${typeof node === 'number' ? `127.0.0.1:${node}` : node}${rest}\n`)
    .join('');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${kind};`)
    .join('\n');
  return `
    daemon off;
    master_process off;
    pid nginx.pid;
    events { worker_connections 4096; }
    http {
      ${temporary}
      ${ours('frirum-http.conf')}
      ${ours('frirum-upstream.conf').replace(line, upstream)}
      server {
        listen 127.0.0.1:${port};
        ${ours('frirum-location.conf')}
      }
    }`;
}
