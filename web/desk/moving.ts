import type { Conversation } from '../conversation/conversation.svelte.ts';
import { forget, keep, keptConversations, type Kept } from '../conversation/kept.ts';
import type { WindowHost } from './one-window.svelte.ts';
import type { Talks } from './talks.svelte.ts';

/** What one window gives another so that a conversation goes on there: never what was said in it. */
interface Given {
  readonly kept: Kept;
  /** The rooms with everybody else who takes part. */
  readonly pairs?: readonly Kept[];
  /** What was being written, passed from window to window and kept nowhere. */
  readonly draft: string;
}

function giveOf(conversation: Conversation): Given {
  // What was said before there were keys is not on its way yet.
  const waiting = conversation.state === 'securing' ? conversation.messages : [];
  const draft = [...waiting.map(({ text }) => text), conversation.draft].join('\n').trim();
  return { ...conversation.handOn(), draft };
}

/**
 * How the conversations of a desk move between the windows of a browser.
 * @param talk opens a conversation in this window
 * @param isTaking somebody is being taken from the queue: as good as here
 */
export function movingOf(
  talks: Talks,
  talk: (kept: Kept) => Conversation,
  isTaking: () => boolean
): WindowHost {
  const openHere = () => talks.open.map(({ conversation }) => conversation.id);
  return {
    ids: () => (isTaking() ? [...openHere(), ''] : openHere()),
    give: () => talks.handOn(giveOf),
    take: (given) => {
      // Windows of one browser may be of two versions: what cannot be read stays there.
      for (const { kept, pairs, draft } of given as readonly Given[]) {
        for (const one of [kept, ...(pairs ?? [])]) keep(one);
        talk(kept).draft = draft;
      }
    },
    arrived: () => {
      for (const kept of keptConversations())
        if (!openHere().includes(kept.conversation)) talk(kept);
    },
    heldElsewhere: (ids) => {
      for (const { conversation } of keptConversations())
        if (ids.includes(conversation) && !openHere().includes(conversation)) forget(conversation);
    }
  };
}
