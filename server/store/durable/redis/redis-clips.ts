import * as v from 'valibot';
import { Decision } from '#shared/klippekort/rule.ts';
import { Outcome } from '#shared/klippekort/stage.ts';
import type { Redis } from '../../redis/connection.ts';
import type { Clips, SpentClip } from '../clips.ts';
import { clipsScript } from './clips-script.ts';
import type { Log } from './log.ts';
import { Bytes, Flag, oneOf, readPairs, readRow, readWord } from './replies.ts';
import { Steps } from './steps.ts';

const State = v.picklist(['open', ...Outcome.options]);
const ClipRow = v.object({
  elements: Bytes,
  state: oneOf(State),
  conversation: v.nullable(Bytes)
});
const LinkRow = v.object({ id: Bytes, decides: Flag });

const valuesOf = ({ id, elements, expires }: SpentClip) => [id, elements, expires] as const;

/** The klippekort's part of the durable Redis. */
export function openClips(redis: Redis, log: Log): Clips {
  const steps = new Steps(redis, clipsScript);
  return {
    key: async (epoch, made) =>
      v.parse(v.nullable(Bytes), await steps.take('key', epoch, made ?? null)),
    keys: async () =>
      readPairs(Bytes, await steps.look('pairsIn', 'clip-keys'))
        .map(([epoch, secretKey]) => ({ epoch: Number(epoch), secretKey }))
        .toSorted((one, other) => one.epoch - other.epoch),

    hold: async (clip, { conversation, decides, day }) =>
      readWord(
        ['held', 'spent', 'already'],
        await steps.take('hold', ...valuesOf(clip), conversation, decides, day)
      ),
    find: async (id) => readRow(ClipRow, await steps.take('find', id)),
    settle: async (id, outcome) =>
      v.parse(v.nullable(oneOf(State)), await steps.take('settle', id, outcome)),
    heldFor: async (conversation) => readRow(LinkRow, await steps.take('heldFor', conversation)),
    giveBack: async (clip) =>
      readWord([...State.options, 'spent'], await steps.take('giveBack', ...valuesOf(clip))),

    issuedIn: async (conversation) => {
      const elements = v.parse(v.nullable(Bytes), await steps.take('issuedIn', conversation));
      return elements?.length === 0 ? 'none' : elements;
    },
    issue: async (conversation, elements, day) =>
      readWord(['issued', 'already'], await steps.take('issue', conversation, elements, day)),

    say: async (conversation, role, decision, day) => {
      const said = await steps.take('say', conversation, role, decision, day);
      return typeof said === 'number' ? said === 1 : readWord(['already'], said);
    },
    decisionIn: async (conversation) =>
      v.parse(v.nullable(oneOf(Decision)), await steps.take('decisionIn', conversation)),
    decide: async (clip, conversation) =>
      readWord(
        [...Decision.options, 'spent', 'no-decision', 'already'],
        await steps.take('decide', ...valuesOf(clip), conversation)
      ),

    spent: async () =>
      v
        .parse(v.array(Bytes), await steps.look('rankedIn', 'clips'))
        .toSorted((one, other) => Buffer.compare(one, other)),

    forget: async ({ day, epoch }) => {
      // Nobody can say any more what came of these: in doubt a clip is the holder's.
      await steps.takeAll('forgetLinks', day);
      for (const kind of ['conversation', 'decision'])
        await steps.takeAll('forgetConversations', kind, day);
      for (let from = 0; from >= 0;)
        from = v.parse(v.number(), await steps.take('forgetClips', epoch, from));
      await steps.take('forgetKeys', epoch);
      log.writeAnew();
    }
  };
}
