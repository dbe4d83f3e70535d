import { defaultRule } from '#shared/klippekort/rule.ts';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import { loadPages } from '#server/pages/load-pages.ts';
import type { OpenNow } from '#server/pages/page.ts';
import { aBuild, aServer, organisation } from './serving.ts';

type Serving = Awaited<ReturnType<typeof aServer>>;
let serving: Serving;
let openNow: OpenNow = 'open';

beforeAll(async () => {
  serving = await aServer({ openNow: () => openNow });
});
afterAll(() => serving.stop());

const policyOf = (answer: Response) => answer.headers.get('content-security-policy') ?? '';
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('a page', () => {
  it('has its tokens filled in', async () => {
    const html = await (await serving.ask('/chat')).text();
    expect(html).toContain(`data-organisation="${'07'.repeat(32)}"`);
    expect(html).toContain('data-try-out="yes"');
    expect(html).toContain('data-exit="https://weather.example/?a=&quot;b&quot;&amp;c"');
    expect(html).not.toMatch(/%[a-zA-Z]+%/);
  });

  it('allows exactly its own inline scripts', async () => {
    const answer = await serving.ask('/chat');
    const html = await answer.text();
    const inline = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text]) =>
      hashOf(text ?? '')
    );
    expect(inline).toHaveLength(2);
    const policy = policyOf(answer);
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe(
      ["'self'", ...inline, "'wasm-unsafe-eval'"].join(' ')
    );
    expect(policy).toContain("require-trusted-types-for 'script'");
  });

  it('says whether it is open, with a policy that fits what it says', async () => {
    for (openNow of ['closed', 'busy', 'open'] as const) {
      const answer = await serving.ask('/');
      expect(await answer.text()).toContain(`data-open="${openNow}"`);
      expect(policyOf(answer)).toContain(hashOf(`door("${openNow}")`));
    }
  });

  it('may run wasm only where keys are made', async () => {
    expect(policyOf(await serving.ask('/'))).not.toContain('wasm');
    expect(policyOf(await serving.ask('/en'))).not.toContain('wasm');
    expect(policyOf(await serving.ask('/en/chat'))).toContain("'wasm-unsafe-eval'");
    expect(policyOf(await serving.ask('/desk'))).toContain("'wasm-unsafe-eval'");
    for (const page of ['/desk/team', '/desk/shifts', '/desk/invitation'])
      expect(policyOf(await serving.ask(page)), page).not.toContain('wasm');
  });

  it.each(['br', 'gzip', 'identity'])('is the same in %s', async (encoding) => {
    const answer = await serving.ask('/chat', { headers: { 'accept-encoding': encoding } });
    expect(answer.headers.get('content-encoding') ?? 'identity').toBe(encoding);
    expect(await answer.text()).toContain('start(2)');
  });

  it('has one address', async () => {
    const answer = await serving.ask('/en/chat/');
    expect([answer.status, answer.headers.get('location')]).toEqual([308, '/en/chat']);
    const elsewhere = await serving.ask('//weather.example/');
    expect(elsewhere.status).toBe(404);
  });

  it('says in its own words that there is none', async () => {
    const answer = await serving.ask('/nowhere');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('<h1>Ikke her</h1>');
  });
});

it('refuses to start without pages', () => {
  const build = aBuild({ 'exit.js': '' });
  const load = () =>
    loadPages(build.folder, {
      organisation,
      tryOut: true,
      exit: 'https://a.example',
      rule: defaultRule,
      ruleSource: 'a <policy>',
      organisationName: 'Frirum',
      accessContact: '12 34 56 78'
    });
  expect(load).toThrow(CannotStart);
  expect(load).toThrow('npm start');
  build.gone();
});
