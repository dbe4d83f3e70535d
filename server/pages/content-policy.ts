import { createHash } from 'node:crypto';

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** For every answer that is not a page: nothing may be loaded, run or framed. */
export const closedPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * For worker scripts, which have a policy of their own: wasm may run, and there is no network, so that
 * the worker that holds a conversation's keys can send them nowhere.
 */
export const workerPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** For the worker that fetches pages and their parts to keep them: this origin, and no script besides it. */
export const shellPolicy =
  "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** For one page as it is sent: its own inline scripts and styles by hash, all else from this origin. */
export function pagePolicy(html: string, wasm: boolean): string {
  const scripts = inlineOf('script', html).map(hashOf);
  const styles = inlineOf('style', html).map(hashOf);
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts, ...(wasm ? ["'wasm-unsafe-eval'"] : [])].join(' '),
    ["style-src 'self'", ...styles].join(' '),
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // Svelte's templates, and our own workers' addresses (a Worker's URL is a sink).
    'trusted-types svelte-trusted-html frirum-worker'
  ].join('; ');
}

function inlineOf(element: 'script' | 'style', html: string): string[] {
  const found = html.matchAll(
    new RegExp(`<${element}(?<on>[^>]*)>(?<text>[^]*?)</${element}>`, 'g')
  );
  return [...found].flatMap(({ groups = {} }) =>
    /\bsrc=/.test(groups['on'] ?? '') ? [] : [groups['text'] ?? '']
  );
}
