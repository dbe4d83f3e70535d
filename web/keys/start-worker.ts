/// <reference types="vite/client" />
import workerUrl from './keys.worker.ts?worker&url';

/** The part of Trusted Types that is used; the DOM's types do not have it yet. */
type TrustedTypes = {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string }
  ): { createScriptURL(url: string): string };
};
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

// A policy is made once per page. It knows one address, so nothing else can be run through it.
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

function ourWorker(): string {
  policy ??= trustedTypes?.createPolicy('frirum-worker', {
    createScriptURL: (url) => {
      if (url !== workerUrl) throw new TypeError('not our worker');
      return url;
    }
  });
  return policy ? policy.createScriptURL(workerUrl) : workerUrl;
}

/**
 * Start the worker that holds keys. Under `require-trusted-types-for 'script'` a worker's address must
 * pass a policy; Vite finds the worker by the `?worker&url` import.
 * @returns undefined when the content policy does not allow it.
 */
export function startWorker(): Worker | undefined {
  try {
    return new Worker(ourWorker(), { type: 'module' });
  } catch {
    return undefined;
  }
}
