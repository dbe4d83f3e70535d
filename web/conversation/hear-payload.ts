import { historyPayloads, type Payload } from '#shared/conversation/payload.ts';
import type { Circle } from '../roster/circle.svelte.ts';
import type { Author, Log } from './log.svelte.ts';
import type { Pair } from './pair.svelte.ts';
import type { Told } from './told.svelte.ts';

interface Ears {
  readonly log: Log;
  readonly told: Told;
  readonly circle: Circle | null;
  circled(): Promise<Circle>;
  /** The counsellor is heard by everybody as who leads, the visitor by the counsellor; nobody else is. */
  readonly isOther: boolean;
  /** Which of the members reads here. */
  readonly me: string | null;
  readonly author: Author;
}

/**
 * What one of the others has said.
 * @returns whether it is words to read that were not there before
 */
export function hearPayload(pair: Pair, payload: Payload, ears: Ears): boolean {
  const { log, told, circle, isOther, me, author } = ears;
  switch (payload.kind) {
    case 'text':
      return log.addOther(payload.id, payload.text, author, payload.epoch);
    case 'history-asked':
      circle?.tellAgain(pair);
      for (const part of historyPayloads(log.history(pair.joined))) void pair.send(part);
      if (isOther) told.decision?.tellAgain();
      return false;
    case 'history-told':
      // Of what others said, only the one who leads is believed.
      log.merge(
        payload.items.filter(({ by }) => isOther || by === pair.member),
        me
      );
      return false;
    case 'introduction':
    case 'about':
    case 'card-shown':
    case 'decision-due':
    case 'decision-opened':
    case 'decision-changed':
    case 'decision-confirmed':
      if (isOther) told.hear(payload);
      return false;
    case 'typing':
    case 'goodbye':
      return false;
    default:
      void ears.circled().then((made) => made.hear(pair, payload));
      return false;
  }
}
