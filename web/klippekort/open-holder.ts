// Loaded only when there is something to do with a card: it brings the curves along.
import { checkManifest, type EpochKey } from '#shared/crypto/clip-manifest.ts';
import type { Klippekort } from '#shared/klippekort/card.ts';
import { CardHolder } from '#shared/klippekort/card-holder.ts';
import type { Rule } from '#shared/klippekort/rule.ts';
import { clipKeysPath, service, spentListPath } from '#shared/klippekort/service.ts';
import type { Line } from '../wire/line.ts';
import { workInWorker } from './clip-work.ts';

interface Needs {
  readonly line: Pick<Line, 'ask'>;
  readonly organisationKey: Uint8Array;
  readonly rule: Rule;
  readonly keep: (klippekort: Klippekort) => void;
}

/** The device's side of the klippekort, with the keys that the organisation signed and no others. */
export async function openHolder(
  { line, organisationKey, rule, keep }: Needs,
  klippekort: Klippekort
): Promise<CardHolder> {
  const keys = await signedKeys(organisationKey);
  return new CardHolder(
    {
      work: workInWorker(),
      service,
      keys: () => keys,
      spentList: () => fetchBytes(spentListPath),
      now: () => Date.now(),
      rule,
      keep: async (state) => keep(state),
      ask: async (call, request) => {
        const answer = await line.ask(call, request);
        if (!answer.ok && (answer.refusal === 'line-down' || answer.refusal === 'strange-answer'))
          throw new Error(answer.refusal);
        return answer;
      }
    },
    klippekort
  );
}

async function signedKeys(organisationKey: Uint8Array): Promise<readonly EpochKey[]> {
  const bytes = await fetchBytes(clipKeysPath);
  const checked = bytes && checkManifest(bytes, { organisationKey, service, now: Date.now() });
  return checked?.kind === 'valid' ? checked.keys : [];
}

async function fetchBytes(path: string): Promise<Uint8Array | null> {
  const response = await fetch(path).catch(() => null);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}
