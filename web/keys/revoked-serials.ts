import { certificatesRevoked } from '#shared/counsellor/calls.ts';
import { revokedPath } from '#shared/counsellor/terms.ts';
import type { Line } from '../wire/line.ts';

/** Milliseconds: a list that does not come may not keep anybody from talking. */
const patience = 3000;
/** Milliseconds: it is asked for with a place and again when one is taken, and at once the same will do. */
const fresh = 10_000;
const heard = new Set<string>();
/** Not the browser's cache, which would lie on the disk. */
let asked: Promise<void> | null = null;

/** A page that is open hears of it at once. */
export const hearRevoked = (line: Line): void =>
  line.hear(certificatesRevoked, ({ serials }) => {
    for (const serial of serials) heard.add(serial);
  });

/**
 * Serials of certificates that are worth nothing any more. Without the list it goes on with what was
 * heard, and with the thirty days that a certificate lives.
 */
export async function revokedSerials(): Promise<readonly string[]> {
  await (asked ??= ask());
  return [...heard];
}

async function ask(): Promise<void> {
  setTimeout(() => (asked = null), fresh);
  try {
    const response = await fetch(revokedPath, {
      credentials: 'omit',
      signal: AbortSignal.timeout(patience)
    });
    const { serials }: { serials: Iterable<unknown> } = await response.json();
    for (const serial of serials) heard.add(String(serial));
  } catch {
    // The line is bad, or the server does not tell: see SECURITY.md.
  }
}
