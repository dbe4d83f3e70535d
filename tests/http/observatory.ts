/** What a browser gets of one page. */
interface Sent {
  readonly headers: Headers;
  readonly html: string;
}

/** What a policy says of a kind of thing; what it does not name falls back to `default-src`. */
function sourcesOf(policy: string, directive: string): readonly string[] {
  const found = new Map(
    policy.split(';').map((part) => {
      const [name = '', ...sources] = part.trim().split(/\s+/);
      return [name, sources] as const;
    })
  );
  return found.get(directive) ?? found.get('default-src') ?? ['*'];
}

/**
 * The points that MDN's HTTP Observatory gives for the headers of a page that is reached over https: 100,
 * and what its rules add or take. @see developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
 */
export function observatoryScore({ headers, html }: Sent): Record<string, number> {
  const policy = headers.get('content-security-policy') ?? '';
  const runs = sourcesOf(policy, 'script-src');
  const paints = sourcesOf(policy, 'style-src');
  const isUnsafe = (sources: readonly string[]) =>
    sources.some((one) =>
      ["'unsafe-inline'", "'unsafe-eval'", 'data:', 'https:', '*'].includes(one)
    );
  const age = /max-age=(?<seconds>\d+)/.exec(headers.get('strict-transport-security') ?? '');
  const scripts = html.match(/<script[^>]*\ssrc=[^>]*>/g) ?? [];
  const isFramed = sourcesOf(policy, 'frame-ancestors').join(' ') !== "'none'";
  return {
    start: 100,
    'content-security-policy':
      policy === ''
        ? -25
        : isUnsafe(runs)
          ? -20
          : isUnsafe(paints)
            ? 0
            : sourcesOf(policy, 'default-src').join(' ') === "'none'"
              ? 10
              : 5,
    cookies: headers.getSetCookie().length === 0 ? 0 : -20,
    'cross-origin-resource-sharing': headers.has('access-control-allow-origin') ? -50 : 0,
    'referrer-policy': headers.get('referrer-policy') === 'no-referrer' ? 5 : 0,
    'strict-transport-security': Number(age?.groups?.['seconds'] ?? 0) >= 15_768_000 ? 0 : -20,
    'subresource-integrity': scripts.every((tag) => / integrity="sha384-[^"]{64}"/.test(tag))
      ? 5
      : 0,
    'x-content-type-options': headers.get('x-content-type-options') === 'nosniff' ? 0 : -5,
    'x-frame-options': isFramed ? -20 : 5,
    'cross-origin-resource-policy':
      headers.get('cross-origin-resource-policy') === 'same-origin' ? 10 : 0
  };
}

export const sumOf = (points: Record<string, number>): number =>
  Object.values(points).reduce((sum, one) => sum + one, 0);
