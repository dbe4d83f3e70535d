import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { pagePolicy } from './content-policy.ts';

/** Whether somebody could be talked to now, as front doors say it before any script has run. */
export type OpenNow = 'open' | 'busy' | 'closed';
export type Encoding = 'br' | 'gzip' | 'identity';

/** A page as it is sent, with the policy that fits exactly this text. */
export interface ReadyPage {
  readonly policy: string;
  /** The bytes in this encoding: made when somebody first asks, beside the main thread, and then kept. */
  body(encoding: Encoding): Promise<Buffer>;
}

/** A page of the build. Only those with `%openNow%` come in three versions. */
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

const encoders: Readonly<Record<Encoding, (page: Buffer) => Promise<Buffer>>> = {
  br: (page) =>
    promisify(brotliCompress)(page, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: page.length }
    }),
  gzip: (page) => promisify(gzip)(page, { level: 9 }),
  identity: (page) => Promise.resolve(page)
};

function ready(html: string, wasm: boolean): ReadyPage {
  const identity = Buffer.from(html);
  const made = new Map<Encoding, Promise<Buffer>>();
  return {
    policy: pagePolicy(html, wasm),
    body(encoding) {
      const body = made.get(encoding) ?? encoders[encoding](identity);
      made.set(encoding, body);
      return body;
    }
  };
}
