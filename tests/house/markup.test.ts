import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findingsIn } from './markup.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const filesOf = (pattern: string) =>
  globSync(pattern, {
    cwd: root,
    exclude: (name) => /node_modules|\.svelte-kit|paraglide/.test(name)
  }).toSorted();

describe('what a component may not hold is found', () => {
  it.each([
    ['<p>Hej med dig</p>', 'sentence'],
    ['{#if a}<p>{b}</p>{:else}Vent{/if}', 'sentence'],
    ['<button aria-label="Send">{a}</button>', 'sentence'],
    ['<button aria-label={"Send"}>{a}</button>', 'sentence'],
    ["<input placeholder={a ?? 'Skriv'} />", 'sentence'],
    ["<p>{'Hej'}</p>", 'sentence'],
    ["<p>{a ? b : 'Hej'}</p>", 'sentence'],
    ['<p>{`Nummer ${place}`}</p>', 'sentence'],
    ['<Sheet title="Velkommen" />', 'sentence'],
    ['{#snippet next()}Videre{/snippet}', 'sentence'],
    ['<p>{@html a}</p>', 'raw HTML'],
    ['<script>const go = (e) => (e.innerHTML = a)</script>', 'raw HTML'],
    ['<p style="color: red">{a}</p>', 'inline style'],
    ['<p style={a}>{b}</p>', 'inline style'],
    ['<p style:color={a}>{b}</p>', 'inline style'],
    ['<a onclick="go()">{a}</a>', 'inline handler']
  ])('%s', (source, what) => expect(findingsIn(source).map((one) => one.what)).toEqual([what]));

  it.each([
    "<p class='warm' id='here'>{m.hello()} · {count}</p>",
    '<svg viewBox="0 0 24 24"><path d="M12 0v7" /></svg>',
    '<button data-testid="send" type="submit" {onclick}>{@render children()}</button>',
    "<Chip type='radio' name='kind' value={kind} on={a === 'young'}>{title}</Chip>",
    '<!-- Four seconds brighter -->{a}',
    '<style>p::after { content: "a" }</style>'
  ])('but not %s', (source) => expect(findingsIn(source)).toEqual([]));
});

const components = filesOf('web/**/*.svelte');

it('no component holds any of it', () => {
  expect(components.length).toBeGreaterThan(25);
  const found = components.flatMap((path) =>
    findingsIn(read(path)).map(({ line, what, text }) => `${path}:${line} ${what}: ${text}`)
  );
  expect(found).toEqual([]);
});

it('no script of the pages writes HTML', () => {
  const scripts = [...filesOf('web/**/*.ts'), 'web/static/exit.js'];
  const writes =
    /\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(/;
  expect(scripts.filter((path) => writes.test(read(path)))).toEqual([]);
});

describe('built pages', () => {
  const pages = filesOf('build/**/*.html');

  it('are there', () => expect(pages.length).toBeGreaterThanOrEqual(6));

  it.each(pages)('%s has no inline style, handler or address elsewhere', (path) => {
    const tags = read(path).match(/<[a-z][^>]*>/gi) ?? [];
    expect(tags.length).toBeGreaterThan(10);
    expect(tags.filter((tag) => /\s(?:style|on[a-z]+)\s*=/i.test(tag))).toEqual([]);
    expect(
      tags.filter((tag) => /\s(?:src|href|action|data)=["']?(?:https?:)?\/\//i.test(tag))
    ).toEqual([]);
    expect(tags.filter((tag) => /^<(?:iframe|object|embed|base)\b/i.test(tag))).toEqual([]);
  });
});
