import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { Rule } from '#shared/klippekort/rule.ts';
import { withIntegrity } from './integrity.ts';
import { Page } from './page.ts';

/** What the server knows and the build does not. */
export interface Tokens {
  /** Ed25519, 32 bytes: the one key whose certificates a client accepts. */
  readonly organisation: Uint8Array;
  readonly tryOut: boolean;
  /** Where the quick exit leads. */
  readonly exit: string;
  /** Who gets a card, with how many conversations. */
  readonly rule: Pick<Rule, 'limit' | 'holders'>;
  /** Where that rule comes from, in the organisation's words. */
  readonly ruleSource: string;
  /** Who runs this, and whom to tell what cannot be used. */
  readonly organisationName: string;
  readonly accessContact: string;
}

export interface Pages {
  readonly byPath: ReadonlyMap<string, Page>;
  readonly notFound: Page | null;
}

/** The crypto worker is started from these, in every language; workers have a policy of their own. */
const runsWasm = /^(?:\/[a-z]{2})?\/(?:chat|desk)$/;

/** Reads every page of the build once, and fills in the tokens. */
export function loadPages(build: string, tokens: Tokens): Pages {
  const byPath = new Map<string, Page>();
  for (const file of globSync('**/*.html', { cwd: build })) {
    const path = pathOf(file);
    const html = withIntegrity(filled(readFileSync(join(build, file), 'utf8'), tokens), build);
    byPath.set(path, new Page(html, runsWasm.test(path)));
  }
  if (!byPath.has('/')) {
    throw new CannotStart('Frirum cannot start: its pages are not built. Start it with: npm start');
  }
  const notFound = byPath.get('/404') ?? null;
  byPath.delete('/404');
  return { byPath, notFound };
}

/** `index.html` → `/`, `en.html` and `en/index.html` → `/en`, `en/chat.html` → `/en/chat`. */
function pathOf(file: string): string {
  const path = '/' + file.replaceAll('\\', '/').replace(/\.html$/, '');
  return path.replace(/\/index$/, '') || '/';
}

function filled(html: string, tokens: Tokens): string {
  const { organisation, organisationName, accessContact, tryOut, exit, rule, ruleSource } = tokens;
  return html
    .replaceAll('%organisation%', Buffer.from(organisation).toString('hex'))
    .replaceAll('%tryOut%', tryOut ? 'yes' : 'no')
    .replaceAll('%exit%', () => asAttribute(exit))
    .replaceAll('%rule%', () => asAttribute(JSON.stringify(rule)))
    .replaceAll('%limit%', String(rule.limit))
    .replaceAll('%ruleSource%', () => asAttribute(ruleSource))
    .replaceAll('%organisationName%', () => asAttribute(organisationName))
    .replaceAll('%accessContact%', () => asAttribute(accessContact));
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const asAttribute = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? '');
