import type { ConversationId } from '#shared/wire/ids.ts';
import type { SpentClip } from '#server/store/durable/clips.ts';
import type { Office } from './office.ts';
import { checkCounted, readShown, type Showing } from './shown-clip.ts';

export type ClipForBookingRefusal =
  'wrong-epoch' | 'wrong-tag' | 'malformed-element' | 'too-many-guesses';

/**
 * Whether a clip is one of ours, before slot and clip are claimed together: the checks of a hold, with the
 * same tag. A ticket costs no proof of work, so everybody's wrong tags are counted together.
 */
export async function checkForBooking(
  office: Office,
  showing: Showing,
  conversation: ConversationId
): Promise<SpentClip | ClipForBookingRefusal> {
  const shown = await readShown(office, showing);
  if (!shown) return 'wrong-epoch';
  const checked = await checkCounted(office, shown, 'hold', conversation, null);
  return checked === 'right' ? shown.record : checked;
}
