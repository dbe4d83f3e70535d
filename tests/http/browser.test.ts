import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { executablePath } from '#tests/support/browser.ts';
import { aBuild, aServer } from './serving.ts';

/** The smallest wasm module there is: the magic number and the version. */
const emptyWasm = 'new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])';

const build = aBuild({
  'index.html':
    '<html><script>window.inline = "ran"</script><script src="/try.js"></script></html>',
  'chat.html': '<html><script src="/try.js"></script></html>',
  'try.js': `
    window.attempt = async (name) => {
      const tries = {
        eval: () => eval('1'),
        html: () => (document.body.innerHTML = '<p>'),
        inlineStyle: () => {
          const policy = trustedTypes.createPolicy('svelte-trusted-html', { createHTML: (x) => x });
          document.body.innerHTML = policy.createHTML('<p style="position: absolute">a<b style="color: red">b');
          const [p, b] = [document.querySelector('p'), document.querySelector('b')];
          return getComputedStyle(p).position + ' ' + b.style.color;
        },
        policy: () => trustedTypes.createPolicy('mine', {}),
        wasm: () => WebAssembly.compile(${emptyWasm}),
        elsewhere: () => fetch('https://elsewhere.example/'),
        socket: () => new Promise((done) => {
          new WebSocket('ws://' + location.host + '/').onerror = () => done('allowed, nobody there');
        }),
        worker: () => new Worker('/_app/immutable/workers/keys-abc.js'),
        trustedWorker: () => {
          const policy = trustedTypes.createPolicy('frirum-worker', { createScriptURL: (x) => x });
          const worker = new Worker(policy.createScriptURL('/_app/immutable/workers/keys-abc.js'));
          return new Promise((done, fail) => {
            worker.onmessage = ({ data }) => done(data);
            worker.onerror = () => fail(new Error('the worker'));
          });
        }
      };
      // What a debugger evaluates may eval; what runs after it may not.
      await new Promise((later) => setTimeout(later));
      try { return String(await tries[name]()); } catch (error) { return 'refused: ' + error.name; }
    };`,
  '_app/immutable/workers/keys-abc.js': `
    (async () => {
      const works = (attempt) => attempt.then(() => 'works', () => 'refused');
      const wasm = await works(WebAssembly.compile(${emptyWasm}));
      const network = await works(fetch('/healthz'));
      postMessage('wasm ' + wasm + ', network ' + network);
    })();`
});

let serving: Awaited<ReturnType<typeof aServer>>;
let browser: Browser;
beforeAll(async () => {
  serving = await aServer({}, build);
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking']
  });
});
afterAll(async () => {
  await browser.close();
  await serving.stop();
});

/** What comes of an attempt, in a real browser, on a page of ours. */
async function attempt(path: string, name: string): Promise<string> {
  const page = await browser.newPage();
  await page.goto(`http://localhost:${serving.port}${path}`);
  const outcome = await page.evaluate(`attempt(${JSON.stringify(name)})`);
  await page.close();
  return String(outcome);
}

it.each([
  ['/', 'eval', 'refused: EvalError'],
  ['/', 'html', 'refused: TypeError'],
  ['/', 'policy', 'refused: TypeError'],
  ['/', 'wasm', 'refused: CompileError'],
  ['/', 'elsewhere', 'refused: TypeError'],
  ['/', 'worker', 'refused: TypeError'],
  ['/', 'inlineStyle', 'static '],
  ['/', 'socket', 'allowed, nobody there'],
  ['/', 'trustedWorker', 'wasm works, network refused'],
  ['/chat', 'wasm', '[object WebAssembly.Module]'],
  ['/chat', 'trustedWorker', 'wasm works, network refused']
])('on %s a browser answers %s with: %s', async (path, name, outcome) => {
  expect(await attempt(path, name)).toBe(outcome);
});

it('runs the inline scripts of the page, in isolation, and keeps nothing', async () => {
  const page = await browser.newPage();
  await page.goto(`http://localhost:${serving.port}/`);
  expect(await page.evaluate('inline')).toBe('ran');
  expect(await page.evaluate('crossOriginIsolated')).toBe(true);
  expect(await page.context().cookies()).toEqual([]);
  await page.close();
});
