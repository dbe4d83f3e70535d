import { certificatesRevoked } from '#shared/counsellor/calls.ts';
import { revokedPath } from '#shared/counsellor/terms.ts';
import type { Line } from '../wire/line.ts';

/** Milliseconds: a list that does not come may not keep anybody from talking. */
const patience = 3000;
const heard = new Set<string>();

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
  try {
    const response = await fetch(revokedPath, {
      credentials: 'omit',
      signal: AbortSignal.timeout(patience)
    });
    const { serials }: { serials: unknown } = await response.json();
    if (Array.isArray(serials)) for (const serial of serials) heard.add(String(serial));
  } catch {
    // The line is bad, or the server does not tell: see SECURITY.md.
  }
  return [...heard];
}
