import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listPhrases, removePhrase, savePhrase } from '#shared/phrases/calls.ts';
import { inOrder } from '#shared/phrases/order.ts';
import { longestPhrase, type Phrase } from '#shared/phrases/phrase.ts';
import { Language } from '#shared/visitor/visitor.ts';
import { defaultLimits } from '#server/wire/limits.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { openDurable } from '#tests/support/durable.ts';
import { aVisitor, connect, everybodyLeaves, signIn, valueOf } from '#tests/support/people.ts';
import { aFolder } from '#tests/start/a-folder.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ limits: { ...defaultLimits, rate: 5000, burst: 5000 } });
});
afterEach(() => everybodyLeaves(app));
afterAll(() => app.stop());

const staff = async (name: string) =>
  connect(app, { cookie: await signIn(app, name), as: 'staff' });
type Staff = Awaited<ReturnType<typeof staff>>;

const phrasesIn = async (person: Staff, language: Language): Promise<readonly Phrase[]> =>
  (await valueOf(person.ask(listPhrases, { language }))).phrases;

async function phraseOf(person: Staff, language: Language, id: string): Promise<Phrase> {
  const phrase = (await phrasesIn(person, language)).find((one) => one.id === id);
  if (!phrase) throw new Error(`no phrase ${id}`);
  return phrase;
}

/** What is sent to save a phrase as it was seen, changed. */
const changed = (
  { id, group, text, place, hidden, version }: Phrase,
  change: Partial<Phrase>,
  language: Language
) => ({ id, group, text, place, hidden, version, language, ...change });

describe('the phrases', () => {
  test('come in every language a conversation is asked for in, to counsellors and leads', async () => {
    for (const name of ['mikkel', 'karen'])
      for (const language of Language.options) {
        const phrases = await phrasesIn(await staff(name), language);
        expect(phrases.length).toBeGreaterThanOrEqual(24);
        expect(phrases.filter(({ text, shipped }) => text !== shipped)).toEqual([]);
        expect(phrases).toEqual(inOrder(phrases));
      }
  });

  test('are not for visitors, and a counsellor changes none', async () => {
    const visitor = await aVisitor(app);
    const counsellor = await staff('mikkel');
    const phrase = await phraseOf(counsellor, 'da', 'scale-now');
    const refused = { ok: false, refusal: 'not-allowed' };
    expect(await visitor.ask(listPhrases, { language: 'da' })).toEqual(refused);
    expect(await counsellor.ask(savePhrase, changed(phrase, { text: 'Hej' }, 'da'))).toEqual(
      refused
    );
    expect(
      await counsellor.ask(removePhrase, { language: 'da', id: phrase.id, version: 0 })
    ).toEqual(refused);
  });

  test('are changed by a lead in one language, and go back to how they came', async () => {
    const lead = await staff('karen');
    const before = await phraseOf(lead, 'tr', 'scale-now');
    const saved = await valueOf(
      lead.ask(savePhrase, changed(before, { text: 'Bugün kaçtasın?' }, 'tr'))
    );
    expect(saved).toMatchObject({ outcome: 'saved', phrase: { text: 'Bugün kaçtasın?' } });
    const counsellor = await staff('mikkel');
    const after = await phraseOf(counsellor, 'tr', 'scale-now');
    expect(after).toMatchObject({ text: 'Bugün kaçtasın?', shipped: before.text });
    expect((await phraseOf(counsellor, 'da', 'scale-now')).version).toBe(0);
    const { id, version } = after;
    expect(await valueOf(lead.ask(removePhrase, { language: 'tr', id, version }))).toEqual({
      outcome: 'removed',
      phrase: before
    });
    expect(await phraseOf(counsellor, 'tr', 'scale-now')).toEqual(before);
  });

  test('are added, moved, hidden and taken away again', async () => {
    const lead = await staff('karen');
    const own = {
      language: 'en',
      id: null,
      group: 'goodbye',
      text: 'See you on Tuesday.',
      place: 5,
      hidden: false,
      version: 0
    } as const;
    const saved = await valueOf(lead.ask(savePhrase, own));
    if (saved.outcome !== 'saved') throw new Error(saved.outcome);
    const { phrase } = saved;
    expect(phrase).toMatchObject({ text: own.text, shipped: null });
    const group = (await phrasesIn(lead, 'en')).filter((one) => one.group === 'goodbye');
    expect(group[0]).toEqual(phrase);

    await valueOf(lead.ask(savePhrase, changed(phrase, { hidden: true, place: 99_999 }, 'en')));
    const hidden = (await phrasesIn(lead, 'en')).at(-1);
    expect(hidden).toMatchObject({ id: phrase.id, hidden: true, text: own.text });
    const { id, version } = hidden ?? phrase;
    expect(await valueOf(lead.ask(removePhrase, { language: 'en', id, version }))).toEqual({
      outcome: 'removed',
      phrase: null
    });
    expect((await phrasesIn(lead, 'en')).some((one) => one.id === id)).toBe(false);
  });

  test('are not lost when two leads change one at once: the later is shown the newer', async () => {
    const [one, other] = [await staff('karen'), await staff('karen')];
    const seen = await phraseOf(one, 'da', 'wish-instead');
    const answers = await Promise.all([
      valueOf(one.ask(savePhrase, changed(seen, { text: 'Den enes ord' }, 'da'))),
      valueOf(other.ask(savePhrase, changed(seen, { text: 'Den andens ord' }, 'da')))
    ]);
    const [first] = answers.filter(({ outcome }) => outcome === 'saved');
    const [later] = answers.filter(({ outcome }) => outcome === 'changed-meanwhile');
    expect(later?.phrase).toEqual(first?.phrase);
    expect(await phraseOf(one, 'da', 'wish-instead')).toEqual(first?.phrase);

    // A version from before a phrase went back and was changed again is none of the new one's.
    const stale = first?.phrase ?? seen;
    const asked = { language: 'da', id: stale.id, version: stale.version } as const;
    await valueOf(one.ask(removePhrase, asked));
    await valueOf(one.ask(savePhrase, changed(seen, { text: 'Tredje' }, 'da')));
    expect(
      await valueOf(other.ask(savePhrase, changed(stale, { text: 'Fjerde' }, 'da')))
    ).toMatchObject({ outcome: 'changed-meanwhile', phrase: { text: 'Tredje' } });
    expect(await valueOf(other.ask(removePhrase, asked))).toMatchObject({
      outcome: 'changed-meanwhile',
      phrase: { text: 'Tredje' }
    });
  });

  test('that a colleague has taken away are said to be gone', async () => {
    const lead = await staff('karen');
    const own = { language: 'ar', id: null, group: 'scale', text: 'أين أنت؟' } as const;
    const saved = await valueOf(
      lead.ask(savePhrase, { ...own, place: 1, hidden: false, version: 0 })
    );
    if (saved.outcome !== 'saved') throw new Error(saved.outcome);
    const { id, version } = saved.phrase;
    await valueOf(lead.ask(removePhrase, { language: 'ar', id, version }));
    const gone = { outcome: 'changed-meanwhile', phrase: null };
    expect(await valueOf(lead.ask(savePhrase, changed(saved.phrase, {}, 'ar')))).toEqual(gone);
    expect(await valueOf(lead.ask(removePhrase, { language: 'ar', id, version }))).toEqual(gone);
  });

  test('refuse what is none, by name', async () => {
    const lead = await staff('karen');
    const phrase = await phraseOf(lead, 'da', 'begin-hope');
    const save = (change: object) =>
      lead.askRaw(savePhrase.name, { ...changed(phrase, {}, 'da'), ...change });
    const malformed = { ok: false, refusal: 'malformed-request' };
    for (const text of [
      '',
      '  ',
      ' hej',
      'a'.repeat(longestPhrase + 1),
      'a\u0000b',
      '\u202ehej',
      7
    ])
      expect(await save({ text }), JSON.stringify(text)).toEqual(malformed);
    for (const wrong of [{ place: 1e9 }, { group: 'jokes' }, { version: -1 }, { language: 'xx' }])
      expect(await save(wrong)).toEqual(malformed);
    expect(await save({ id: 'never-heard-of' })).toEqual({ ok: false, refusal: 'unknown-phrase' });
    expect(
      await lead.ask(removePhrase, { language: 'da', id: 'never-heard-of', version: 0 })
    ).toEqual({ ok: false, refusal: 'unknown-phrase' });
    expect(await phraseOf(lead, 'da', 'begin-hope')).toEqual(phrase);
  });

  test('are 200 at most in a language', async () => {
    const lead = await staff('karen');
    const own = { language: 'tr', id: null, group: 'scale', text: 'Biraz', place: 1 } as const;
    const answers: unknown[] = [];
    for (let many = 0; many <= 180 && answers.at(-1) !== 'too-many-phrases'; many += 1) {
      const answer = await lead.ask(savePhrase, { ...own, hidden: true, version: 0 });
      answers.push(answer.ok || answer.refusal);
    }
    expect(answers.at(-1)).toBe('too-many-phrases');
    expect(await phrasesIn(lead, 'tr')).toHaveLength(200);
  });
});

test('what a house changed is there after the file was closed and opened', async () => {
  const folder = aFolder();
  const first = await openDurable(folder);
  const phrase = {
    language: 'da',
    id: 'scale-now',
    group: 'scale',
    text: null,
    place: 1.5,
    hidden: true
  } as const;
  const put = await first.phrases.put(phrase, 0);
  await first.close();
  const second = await openDurable(folder);
  expect(await second.phrases.changedIn('da')).toEqual([put]);
  expect(await second.phrases.changedIn('en')).toEqual([]);
  await second.close();
});
