import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { Decision } from '#shared/klippekort/rule.ts';
import { Outcome } from '#shared/klippekort/stage.ts';
import type { ClipLink, Clips, SpentClip } from './clips.ts';
import { atOnce } from './open-file.ts';
import { rowOf } from './rows.ts';

const Bytes = v.instance(Uint8Array);
const KeyRow = v.object({ epoch: v.number(), secretKey: Bytes });
const ClipRow = v.object({
  elements: Bytes,
  state: v.picklist(['open', ...Outcome.options]),
  conversation: v.nullable(Bytes)
});
const LinkRow = v.object({ id: Bytes, decides: v.number() });
const ConversationRow = v.object({ elements: v.nullable(Bytes) });
const DecisionRow = v.object({
  visitor: v.nullable(Decision),
  counsellor: v.nullable(Decision),
  given: v.number()
});

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** Steps of a transaction that another part of the file begins and ends: the clip of a booking. */
export interface ClipSteps {
  hold(clip: SpentClip, link: ClipLink): 'held' | 'spent' | 'already';
  /** What came of the clip held for a conversation, if one is. A clip that decides is given back. */
  settleFor(conversation: Uint8Array, outcome: 'did-not' | 'took-place'): void;
  /** The clip is held until another day, since 1970. */
  keepUntil(conversation: Uint8Array, day: number): void;
}

/** The klippekort's part of the SQLite file. */
export function openClips(database: DatabaseSync): { clips: Clips; steps: ClipSteps } {
  const addKey = database.prepare('INSERT INTO clip_key VALUES (?, ?) ON CONFLICT DO NOTHING');
  const keys = database.prepare('SELECT epoch, secret AS secretKey FROM clip_key ORDER BY epoch');
  const addClip = database.prepare('INSERT INTO clip_spent VALUES (?, ?, ?, ?)');
  const findClip = database.prepare(
    `SELECT elements, state, conversation FROM clip_spent
     LEFT JOIN clip_open ON clip_open.id = clip_spent.id WHERE clip_spent.id = ?`
  );
  const setState = database.prepare(
    "UPDATE clip_spent SET state = ? WHERE id = ? AND state = 'open'"
  );
  const allSpent = database.prepare('SELECT id FROM clip_spent ORDER BY id');
  const addLink = database.prepare('INSERT INTO clip_open VALUES (?, ?, ?, ?)');
  const linkOf = database.prepare('SELECT id, decides FROM clip_open WHERE conversation = ?');
  const cutLink = database.prepare('DELETE FROM clip_open WHERE id = ?');
  const addConversation = database.prepare('INSERT INTO clip_conversation VALUES (?, ?, ?)');
  const findConversation = database.prepare(
    'SELECT elements FROM clip_conversation WHERE conversation = ?'
  );
  const findDecision = database.prepare(
    'SELECT visitor, counsellor, given FROM clip_decision WHERE conversation = ?'
  );
  const putDecision = database.prepare(
    'INSERT OR REPLACE INTO clip_decision VALUES (?, ?, ?, 0, ?)'
  );
  const giveDecision = database.prepare(
    'UPDATE clip_decision SET given = 1 WHERE conversation = ?'
  );
  const forgetting = ['clip_conversation', 'clip_decision'].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE day < ?`)
  );
  const keeping = ['clip_open', 'clip_conversation'].map((table) =>
    database.prepare(`UPDATE ${table} SET day = ? WHERE conversation = ?`)
  );
  const oldLinks = database.prepare('SELECT id FROM clip_open WHERE day < ?');
  const forgetClips = database.prepare(
    "DELETE FROM clip_spent WHERE expires <= ? AND state <> 'open'"
  );
  const forgetKeys = database.prepare('DELETE FROM clip_key WHERE epoch < ?');

  const clipWith = (id: Uint8Array) => rowOf(ClipRow, findClip.get(id));
  const add = (clip: SpentClip, state: string) =>
    addClip.run(clip.id, clip.elements, state, clip.expires);

  /** What both said, and whether a clip was given for it. */
  const agreed = (conversation: Uint8Array) => {
    const row = rowOf(DecisionRow, findDecision.get(conversation));
    if (!row?.visitor || row.visitor !== row.counsellor) return null;
    return { decision: row.visitor, given: row.given === 1 };
  };

  /** The caller holds the lock. */
  const setOutcome = (id: Uint8Array, outcome: Outcome): void => {
    setState.run(outcome, id);
    cutLink.run(id);
  };

  /** The caller holds the lock. */
  const hold: ClipSteps['hold'] = (clip, { conversation, decides, day }) => {
    const known = clipWith(clip.id);
    if (known) {
      const isRepeat =
        isSame(known.elements, clip.elements) &&
        known.conversation !== null &&
        isSame(known.conversation, conversation);
      return isRepeat ? 'held' : 'spent';
    }
    if (findConversation.get(conversation)) return 'already';
    add(clip, 'open');
    addLink.run(conversation, clip.id, decides ? 1 : 0, day);
    addConversation.run(conversation, null, day);
    return 'held';
  };

  const steps: ClipSteps = {
    hold,
    settleFor: (conversation, outcome) => {
      const row = rowOf(LinkRow, linkOf.get(conversation));
      if (row) setOutcome(row.id, row.decides === 1 ? 'did-not' : outcome);
    },
    keepUntil: (conversation, day) => {
      for (const statement of keeping) statement.run(day, conversation);
    }
  };

  const clips: Clips = {
    key: async (epoch, made) =>
      atOnce(database, () => {
        if (made) addKey.run(epoch, made);
        const rows = v.parse(v.array(KeyRow), keys.all());
        return rows.find((row) => row.epoch === epoch)?.secretKey ?? null;
      }),
    keys: async () => v.parse(v.array(KeyRow), keys.all()),

    hold: async (clip, link) => atOnce(database, () => hold(clip, link)),

    find: async (id) => clipWith(id),

    settle: async (id, outcome) =>
      atOnce(database, () => {
        const known = clipWith(id);
        if (known?.state !== 'open') return known?.state ?? null;
        if (outcome !== 'took-place' && outcome !== 'did-not') {
          const made = known.conversation && agreed(known.conversation);
          if (!known.conversation || made?.decision !== outcome || made.given) return 'open';
          giveDecision.run(known.conversation);
        }
        setOutcome(id, outcome);
        return outcome;
      }),

    heldFor: async (conversation) => {
      const row = rowOf(LinkRow, linkOf.get(conversation));
      return row && { id: row.id, decides: row.decides === 1 };
    },

    giveBack: async (clip) =>
      atOnce(database, () => {
        const known = clipWith(clip.id);
        if (known) return isSame(known.elements, clip.elements) ? known.state : 'spent';
        add(clip, 'did-not');
        return 'did-not';
      }),

    issuedIn: async (conversation) => {
      const row = rowOf(ConversationRow, findConversation.get(conversation));
      return row && (row.elements ?? 'none');
    },

    issue: async (conversation, elements, day) =>
      atOnce(database, () => {
        const row = rowOf(ConversationRow, findConversation.get(conversation));
        if (row) return row.elements && isSame(row.elements, elements) ? 'issued' : 'already';
        addConversation.run(conversation, elements, day);
        return 'issued';
      }),

    say: async (conversation, role, decision, day) =>
      atOnce(database, () => {
        const final = agreed(conversation);
        if (final) return final.decision === decision ? true : 'already';
        const row = rowOf(DecisionRow, findDecision.get(conversation));
        const said = { visitor: row?.visitor ?? null, counsellor: row?.counsellor ?? null };
        said[role] = decision;
        putDecision.run(conversation, said.visitor, said.counsellor, day);
        return said.visitor === said.counsellor;
      }),

    decisionIn: async (conversation) => {
      const made = agreed(conversation);
      return made && !made.given ? made.decision : null;
    },

    decide: async (clip, conversation) =>
      atOnce(database, () => {
        const known = clipWith(clip.id);
        if (known) {
          const { state } = known;
          const isRepeat = isSame(known.elements, clip.elements) && v.is(Decision, state);
          return isRepeat ? v.parse(Decision, state) : 'spent';
        }
        const made = agreed(conversation);
        if (!made) return 'no-decision';
        if (made.given) return 'already';
        giveDecision.run(conversation);
        add(clip, made.decision);
        return made.decision;
      }),

    spent: async () =>
      v.parse(v.array(v.object({ id: Bytes })), allSpent.all()).map(({ id }) => id),

    forget: async ({ day, epoch }) => {
      atOnce(database, () => {
        // Nobody can say any more what came of these: in doubt a clip is the holder's.
        for (const { id } of v.parse(v.array(v.object({ id: Bytes })), oldLinks.all(day)))
          setOutcome(id, 'did-not');
        for (const statement of forgetting) statement.run(day);
        forgetClips.run(epoch);
        forgetKeys.run(epoch);
      });
      // What was deleted is still in the log; this empties it.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    }
  };
  return { clips, steps };
}
