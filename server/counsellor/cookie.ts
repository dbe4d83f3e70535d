import type { CookieOptions } from 'express';

/** The one cookie of the service, and only the staff's: visitors never get any. */
export interface StaffCookie {
  readonly name: string;
  readonly options: CookieOptions;
  /** The token in a Cookie header, if it looks like one of ours. */
  read(header: string | undefined): string | null;
}

/**
 * With https a `__Host-` cookie, which no other host and no http page can set. A try-out speaks plain
 * http on loopback, where browsers refuse that prefix. It ends with the browser's session.
 */
export function staffCookie(https: boolean): StaffCookie {
  const name = https ? '__Host-frirum' : 'frirum-try-out';
  const token = new RegExp(`(?:^|; *)${name}=([A-Za-z0-9_-]{43})(?:;|$)`);
  return {
    name,
    options: { httpOnly: true, sameSite: 'strict', secure: https, path: '/' },
    read: (header) => token.exec(header ?? '')?.[1] ?? null
  };
}
