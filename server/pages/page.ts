import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { pagePolicy } from './content-policy.ts';

/** Whether somebody could be talked to now, as front doors say it before any script has run. */
export type OpenNow = 'open' | 'busy' | 'closed';
export type Encoding = 'br' | 'gzip' | 'identity';

/** A page as it is sent, in every encoding, with the policy that fits exactly this text. */
export interface ReadyPage {
  readonly policy: string;
  readonly body: Readonly<Record<Encoding, Buffer>>;
}

/** A page of the build. Only those with `%openNow%` come in three versions; all are made once. */
export class Page {
  private readonly versions: Readonly<Record<OpenNow, ReadyPage>>;

  constructor(html: string, wasm: boolean) {
    const version = (openNow: OpenNow) => ready(html.replaceAll('%openNow%', openNow), wasm);
    if (html.includes('%openNow%')) {
      this.versions = { open: version('open'), busy: version('busy'), closed: version('closed') };
    } else {
      const only = ready(html, wasm);
      this.versions = { open: only, busy: only, closed: only };
    }
  }

  at(openNow: OpenNow): ReadyPage {
    return this.versions[openNow];
  }
}

function ready(html: string, wasm: boolean): ReadyPage {
  const identity = Buffer.from(html);
  const br = brotliCompressSync(identity, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: identity.length }
  });
  return {
    policy: pagePolicy(html, wasm),
    body: { br, gzip: gzipSync(identity, { level: 9 }), identity }
  };
}
