import { randomBytes } from 'node:crypto';
import { listPhrases, removePhrase, savePhrase } from '#shared/phrases/calls.ts';
import { inOrder } from '#shared/phrases/order.ts';
import type { Phrase } from '#shared/phrases/phrase.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { Phrases, StoredPhrase } from '#server/store/durable/phrases.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { shippedIn } from './shipped.ts';

/** In one language. More than this nobody finds anything in. */
const most = 200;

export const servePhrases = (phrases: Phrases): Served[] => [
  serve(listPhrases, async ({ language }) =>
    accept({ phrases: [...inOrder(await phrasesIn(phrases, language))] })
  ),
  serveSavePhrase(phrases),
  serveRemovePhrase(phrases)
];

const serveSavePhrase = (phrases: Phrases) =>
  serve(savePhrase, async ({ id, version, language, ...change }) => {
    const shipped = shippedWith(language, id);
    if (id !== null && version === 0 && !shipped) return refuse('unknown-phrase');
    if (id === null && (await phrasesIn(phrases, language)).length >= most)
      return refuse('too-many-phrases');
    const text = change.text === shipped?.text ? null : change.text;
    const phrase = { ...change, text, language, id: id ?? randomBytes(6).toString('hex') };
    const put = await phrases.put(phrase, id === null ? 0 : version);
    if ('overtakenBy' in put)
      return accept({ outcome: 'changed-meanwhile', phrase: now(put.overtakenBy, shipped) });
    return accept({ outcome: 'saved', phrase: inUse(put, change.text, shipped) });
  });

const serveRemovePhrase = (phrases: Phrases) =>
  serve(removePhrase, async ({ language, id, version }) => {
    const shipped = shippedWith(language, id);
    if (version === 0 && !shipped) return refuse('unknown-phrase');
    const removed = await phrases.remove(language, id, version);
    if (removed !== 'removed')
      return accept({ outcome: 'changed-meanwhile', phrase: now(removed.overtakenBy, shipped) });
    return accept({ outcome: 'removed', phrase: shipped });
  });

const shippedWith = (language: Language, id: string | null): Phrase | null =>
  shippedIn(language).find((phrase) => phrase.id === id) ?? null;

/** All of a language: those that ship, as the house has changed them, and the house's own. */
async function phrasesIn(phrases: Phrases, language: Language): Promise<readonly Phrase[]> {
  const changed = await phrases.changedIn(language);
  const shipped = shippedIn(language);
  const untouched = shipped.filter(({ id }) => !changed.some((one) => one.id === id));
  const used = changed.flatMap((one) => asUsed(one, shippedWith(language, one.id)) ?? []);
  return [...untouched, ...used];
}

/** Null when its words came with Frirum and come no more. */
function asUsed(stored: StoredPhrase, shipped: Phrase | null): Phrase | null {
  const words = stored.text ?? shipped?.text;
  return words === undefined ? null : inUse(stored, words, shipped);
}

/** A phrase as counsellors see it. */
const inUse = (
  { id, group, place, hidden, version }: StoredPhrase,
  text: string,
  shipped: Phrase | null
): Phrase => ({ id, group, text, place, hidden, version, shipped: shipped?.text ?? null });

const now = (stored: StoredPhrase | null, shipped: Phrase | null): Phrase | null =>
  stored ? asUsed(stored, shipped) : shipped;
