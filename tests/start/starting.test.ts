import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aFolder } from './a-folder.ts';
import { run } from './a-process.ts';

/** The first of these may have to build the pages. */
const patience = 120_000;
const start = 'scripts/start.mjs';
const main = 'server/main.ts';
const port0 = () => ({ PORT: '0', FRIRUM_DATA: join(aFolder(), 'data') });

/** One line that says what is wrong, and no stack. */
async function refusal(args: string[], environment: Record<string, string>) {
  const running = run(args, environment);
  const status = await running.ended;
  const line = running.printed().trimEnd().split('\n').at(-1) ?? '';
  expect(running.printed()).not.toMatch(/\n\s+at |Error:|Frirum is ready/);
  return { status, line, printed: running.printed() };
}

describe('starting', { timeout: patience }, () => {
  it('prints the sign-ins once, the ready line last, and stops gently', async () => {
    const environment = port0();
    const first = run([start], environment);
    const address = await first.ready();
    expect(address).toMatch(/^http:\/\/localhost:\d+$/);
    const written: { accounts: { password: string }[] } = JSON.parse(
      readFileSync(join(environment.FRIRUM_DATA, 'try-out.json'), 'utf8')
    );
    const passwords = written.accounts.map(({ password }) => password);
    expect(passwords).toHaveLength(3);
    for (const password of passwords) expect(first.printed()).toContain(password);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect((await fetch(address)).headers.get('content-type')).toMatch(/html/);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = run([main], environment);
    await second.ready();
    for (const password of passwords) expect(second.printed()).not.toContain(password);
    expect(second.printed().trim().split('\n')).toHaveLength(1);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  it('gives the answers of Socket.IO the same headers', async () => {
    const running = run([main], port0());
    const answer = await fetch(`${await running.ready()}/socket.io/?EIO=4&transport=polling`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('signs in with what it wrote, and prints nothing about it', async () => {
    const environment = port0();
    const running = run([main], environment);
    const address = await running.ready();
    const before = running.printed();
    const file = readFileSync(join(environment.FRIRUM_DATA, 'try-out.json'), 'utf8');
    const [lead]: { signIn: string; password: string }[] = JSON.parse(file).accounts;
    const signIn = (password: string | undefined) =>
      fetch(`${address}/desk/sign-in?canary`, {
        method: 'POST',
        body: JSON.stringify({ name: lead?.signIn, password }),
        headers: { origin: address, 'content-type': 'application/json', 'user-agent': 'canary' }
      });
    expect((await signIn('canary')).status).toBe(401);
    const answer = await signIn(lead?.password);
    expect(answer.status).toBe(204);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const session = await fetch(`${address}/desk/session`, { headers: { cookie } });
    expect(await session.json()).toMatchObject({ role: 'lead' });
    expect(running.printed()).toBe(before);
  });
});

describe('running', { timeout: patience }, () => {
  it('behind https says that it is stopping before it stops', async () => {
    const environment = { ...port0(), FRIRUM_ORIGIN: 'https://chat.example.dk' };
    const key = join(aFolder(), 'root-key.txt');
    const flags = ['--organisation', 'Ungecentret', '--lead', 'Karen', '--key', key];
    expect(await run(['scripts/frirum.mjs', 'init', ...flags], environment).ended).toBe(0);
    const running = run([main], environment);
    const address = await running.ready();
    expect(running.printed()).not.toContain('try-out');
    const { headers } = await fetch(address);
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=63072000/);
    const from = Date.now();
    running.child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${address}/readyz`)).status).toBe(503);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect(await running.ended).toBe(0);
    expect(Date.now() - from).toBeLessThan(10_000);
  });

  it('stops within ten seconds though somebody holds a connection open', async () => {
    const running = run([main], port0());
    const { port } = new URL(await running.ready());
    const slow = connect(Number(port), '127.0.0.1').on('error', () => {});
    onTestFinished(() => void slow.destroy());
    slow.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    await new Promise((written) => setTimeout(written, 200));
    const from = Date.now();
    running.child.kill('SIGTERM');
    await running.ended;
    expect(Date.now() - from).toBeLessThan(10_000);
  });

  it('goes on after an error nobody caught, and tells no more than its name', async () => {
    // A moment after it has said that it is ready, however long that takes.
    const broken =
      'data:text/javascript,const write=process.stdout.write;' +
      'process.stdout.write=function(...said){if(/ready/.test(said[0])){' +
      'setTimeout(()=>{throw new TypeError("canary")},50);' +
      'setTimeout(()=>Promise.reject(new RangeError("canary")),60)}return write.apply(this,said)}';
    const running = run(['--import', broken, main], port0());
    const address = await running.ready();
    const told = /^Something went wrong: TypeError\nSomething went wrong: RangeError\n$/m;
    await expect.poll(() => running.printed(), { timeout: 10_000 }).toMatch(told);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(running.printed()).not.toContain('canary');
  });

  it('tells its numbers on another port when asked to', async () => {
    const metrics = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => metrics.once('listening', done));
    const { port } = metrics.address() as AddressInfo;
    await new Promise((done) => metrics.close(done));
    const running = run([main], { ...port0(), METRICS_PORT: String(port) });
    const address = await running.ready();
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toMatch(
      /^# TYPE frirum_sockets gauge\nfrirum_sockets 0$/m
    );
    expect((await fetch(`${address}/metrics`)).status).toBe(404);
  });
});

describe('not starting', { timeout: patience }, () => {
  it('with a Node that is too old', async () => {
    const older =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})';
    const { status, line } = await refusal(['--import', older, start], port0());
    expect(status).toBe(1);
    expect(line).toMatch(
      /needs Node 24 or newer, and this is 20\.20\.2\..*npm ci.*--ignore-scripts/
    );
  });

  it('on a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { status, line } = await refusal([start], { ...port0(), PORT: String(port) });
    expect(status).toBe(1);
    expect(line).toBe(
      `Frirum cannot start: port ${port} is in use. Stop what uses it, or set PORT to another one.`
    );
  });

  it('with a data folder that cannot be written', async () => {
    const file = join(aFolder(), 'file');
    writeFileSync(file, '');
    const { status, printed } = await refusal([main], {
      ...port0(),
      FRIRUM_DATA: join(file, 'data')
    });
    expect(status).toBe(1);
    expect(printed).toMatch(/^Frirum cannot start: the data folder .*ENOTDIR.*FRIRUM_DATA.*\n$/);
  });

  it.each([
    ['DEBUG', '*'],
    ['HOST', '0.0.0.0'],
    ['PORT', 'seven'],
    ['REDIS_VOLATILE_URL', 'localhost:6379'],
    ['REDIS_DURABLE_URL', 'redis://localhost']
  ])('with %s=%s', async (name, value) => {
    const { status, printed } = await refusal([start], { ...port0(), [name]: value });
    expect(status).toBe(2);
    expect(printed).toMatch(new RegExp(`^Frirum cannot start: ${name} .*\\.\n$`));
  });
});
