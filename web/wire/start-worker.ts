/// <reference types="vite/client" />
import proofWorker from '../queue/proof.worker.ts?worker&url';
import clipWorker from '../klippekort/clip.worker.ts?worker&url';
import noteWorker from '../booking/note.worker.ts?worker&url';
import keysWorker from '../keys/keys.worker.ts?worker&url';
import rootKeyWorker from '../team/root-key.worker.ts?worker&url';

const addresses = {
  clips: clipWorker,
  keys: keysWorker,
  notes: noteWorker,
  proof: proofWorker,
  rootKey: rootKeyWorker,
  shell: '/shell.js'
};

/** The part of Trusted Types that is used; the DOM's types do not have it yet. */
type TrustedTypes = {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string }
  ): { createScriptURL(url: string): string };
};
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

// A policy is made once per page. It knows these addresses, so nothing else can be run through it.
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

function trusted(address: string): string {
  policy ??= trustedTypes?.createPolicy('frirum-worker', {
    createScriptURL: (url) => {
      if (!Object.values(addresses).includes(url)) throw new TypeError('not our worker');
      return url;
    }
  });
  return policy ? policy.createScriptURL(address) : address;
}

/**
 * Start the worker that holds keys, the one that works for a place in the queue, the card's, or the one
 * a lead signs in. Under `require-trusted-types-for 'script'` a worker's address must pass a policy; Vite
 * finds the workers by their `?worker&url` imports.
 * @returns undefined when the content policy does not allow it.
 */
export function startWorker(which: Exclude<keyof typeof addresses, 'shell'>): Worker | undefined {
  try {
    return new Worker(trusted(addresses[which]), { type: 'module' });
  } catch {
    return undefined;
  }
}

/** Brings a worker's script near before it is started: the browser's own store has it then. */
export const fetchAhead = (which: 'keys' | 'proof'): void => void fetch(addresses[which]);

/** Where the worker is that opens pages without a network; to register it takes the same policy. */
export const shellAddress = (): string => trusted(addresses.shell);
