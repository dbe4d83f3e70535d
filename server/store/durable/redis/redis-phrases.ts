import * as v from 'valibot';
import { PhraseGroup } from '#shared/phrases/phrase.ts';
import { Language } from '#shared/visitor/visitor.ts';
import type { Redis } from '../../redis/connection.ts';
import type { Overtaken, Phrases } from '../phrases.ts';
import { Flag, oneOf, readRow, readRows, Real, Text, Whole } from './replies.ts';
import { Steps } from './steps.ts';

const PhraseRow = v.object({
  language: oneOf(Language),
  id: Text,
  group: oneOf(PhraseGroup),
  text: v.nullable(Text),
  place: Real,
  hidden: Flag,
  version: Whole
});
const Stored = v.tuple([v.picklist([0, 1]), v.unknown()]);

/** `phrase:<language>/<id>` has a phrase, `phrases:<language>` the names of all; a version is never given twice. */
const phrasesScript = `
local function storedUnder(language, id) return key('phrase', language .. '/' .. id) end
local function isStill(stored, version) return (tonumber(call('HGET', stored, 'version') or 0)) == version end
function steps.changedIn()
  local language, rows = take(), {}
  for i, id in ipairs(call('ZRANGE', key('phrases', language), 0, -1)) do
    rows[i] = call('HGETALL', storedUnder(language, id))
  end
  return rows
end
function steps.put()
  local version = takeNumber()
  local one = { language = take(), id = take(), group = take(), place = take(), hidden = take() }
  if take() == '1' then one.text = take() end
  local stored = storedUnder(one.language, one.id)
  if not isStill(stored, version) then return { 0, call('HGETALL', stored) } end
  one.version = call('INCR', key('last-phrase'))
  call('DEL', stored)
  put(stored, one)
  call('ZADD', key('phrases', one.language), 0, one.id)
  return { 1, call('HGETALL', stored) }
end
function steps.remove()
  local version, language, id = takeNumber(), take(), take()
  local stored = storedUnder(language, id)
  if not isStill(stored, version) then return { 0, call('HGETALL', stored) } end
  call('DEL', stored)
  call('ZREM', key('phrases', language), id)
  return { 1, {} }
end
`;

const overtaken = (row: unknown): Overtaken => ({ overtakenBy: readRow(PhraseRow, row) });

/** The phrases' part of the durable Redis. */
export function openPhrases(redis: Redis): Phrases {
  const steps = new Steps(redis, phrasesScript);
  return {
    changedIn: async (language) => readRows(PhraseRow, await steps.look('changedIn', language)),
    async put({ language, id, group, text, place, hidden }, version) {
      // The empty text is one, and not the same as none.
      const given = text === null ? [false] : [true, text];
      const reply = await steps.take('put', version, language, id, group, place, hidden, ...given);
      const [isStored, row] = v.parse(Stored, reply);
      const stored = isStored === 1 ? readRow(PhraseRow, row) : null;
      return stored ?? overtaken(row);
    },
    async remove(language, id, version) {
      const [isRemoved, row] = v.parse(Stored, await steps.take('remove', version, language, id));
      return isRemoved === 1 ? 'removed' : overtaken(row);
    }
  };
}
