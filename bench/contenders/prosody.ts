// Debian's Prosody, with the modules a direct message between two anonymous users needs.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const port = await freePort();
const folder = mkdtempSync(join(tmpdir(), 'bench-prosody-'));
const configuration = join(folder, 'prosody.cfg.lua');
// `network_settings`: Nagle off, as on every other contender; all else is Debian's default.
writeFileSync(
  configuration,
  `data_path = "${folder}"
run_as_root = true
network_backend = "epoll"
network_settings = { nagle = false, tcp_backlog = 1024 }
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
modules_enabled = { "saslauth", "c2s", "message" }
modules_disabled = { "s2s", "offline", "http", "tls", "dialback" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
log = { error = "*stderr" }
VirtualHost "bench.localhost"
  authentication = "anonymous"
  storage = "none"
`
);
const server = spawn('prosody', ['-F', '--config', configuration], {
  stdio: ['ignore', 'ignore', 'inherit']
});
process.on('exit', () => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit());
server.on('error', () => {
  console.error('Prosody is missing: apt-get install prosody');
  process.exit(1);
});
server.on('exit', () => process.exit(1));
await untilListening();
// The process that is measured is Prosody's, not this one that started it.
console.log(JSON.stringify({ port, pid: server.pid }));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function untilListening(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const listens = await new Promise<boolean>((resolve) => {
      const probe = connect(port, '127.0.0.1', () => resolve(true));
      probe.on('error', () => resolve(false));
      probe.on('connect', () => probe.destroy());
    });
    if (listens) return;
    await sleep(100);
  }
  throw new Error('Prosody does not listen');
}
