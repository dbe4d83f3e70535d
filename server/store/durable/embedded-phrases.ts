import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { PhraseGroup } from '#shared/phrases/phrase.ts';
import { Language } from '#shared/visitor/visitor.ts';
import { atOnce } from './open-file.ts';
import type { Phrases, StoredPhrase } from './phrases.ts';

const PhraseRow = v.object({
  language: Language,
  id: v.string(),
  group: PhraseGroup,
  text: v.nullable(v.string()),
  place: v.number(),
  hidden: v.pipe(
    v.number(),
    v.transform((hidden) => hidden === 1)
  ),
  version: v.number()
});
const columns = 'language, id, phrase_group AS "group", text, place, hidden, version';

/** The phrases' part of the SQLite file. */
export function openPhrases(database: DatabaseSync): Phrases {
  const all = database.prepare(`SELECT ${columns} FROM phrase WHERE language = ?`);
  const one = database.prepare(`SELECT ${columns} FROM phrase WHERE language = ? AND id = ?`);
  const remove = database.prepare('DELETE FROM phrase WHERE language = ? AND id = ?');
  const add = database.prepare(
    `INSERT INTO phrase (language, id, phrase_group, text, place, hidden) VALUES (?, ?, ?, ?, ?, ?)`
  );
  const find = (language: Language, id: string): StoredPhrase | null => {
    const row = one.get(language, id);
    return row === undefined ? null : v.parse(PhraseRow, row);
  };
  /** The caller holds the lock. */
  const ifStill = <T>(language: Language, id: string, version: number, change: () => T) => {
    const stored = find(language, id);
    return (stored?.version ?? 0) === version ? change() : { overtakenBy: stored };
  };

  return {
    changedIn: async (language) => v.parse(v.array(PhraseRow), all.all(language)),
    put: async (phrase, version) =>
      atOnce(database, () => {
        const { language, id, group, text, place, hidden } = phrase;
        return ifStill(language, id, version, () => {
          remove.run(language, id);
          const { lastInsertRowid } = add.run(language, id, group, text, place, hidden ? 1 : 0);
          return { ...phrase, version: Number(lastInsertRowid) };
        });
      }),
    remove: async (language, id, version) =>
      atOnce(database, () =>
        ifStill(language, id, version, () => {
          remove.run(language, id);
          return 'removed' as const;
        })
      )
  };
}
