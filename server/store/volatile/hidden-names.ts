import { createHmac, randomBytes } from 'node:crypto';

/** Names under a key that dies with this process: what is held under them does not say of whom it is. */
export function hiddenNames(): (of: string) => string {
  const key = randomBytes(32);
  return (of) => createHmac('sha256', key).update(of).digest('base64url');
}
