import type { Purpose } from '#shared/booking/purpose.ts';
import type { OfferedSlot } from '#shared/booking/week.ts';
import { m } from '#web/words/paraglide/messages.js';
import type { IconName } from '../design/Icon.svelte';

type Place = OfferedSlot['place'];

const kinds: Record<Place['kind'], () => string> = {
  chat: m.book_place_chat,
  house: m.book_place_house,
  'drop-in': m.book_place_drop_in,
  walk: m.book_place_walk,
  'named-by-visitor': m.book_place_named
};
export const placeKindWords = (kind: Place['kind']): string => kinds[kind]();

/** One line: where it is, with its name where it has one. */
export const placeWords = (place: Place): string =>
  place.kind === 'drop-in' ? place.name : placeKindWords(place.kind);

/** Where to go; null for a chat, and where whoever comes decides. */
export const addressOf = (place: Place): string | null =>
  'address' in place && place.address ? place.address : null;

export const placeIcons: Record<Place['kind'], IconName> = {
  chat: 'chat',
  house: 'home',
  'drop-in': 'people',
  walk: 'compass',
  'named-by-visitor': 'away'
};

const purposes: Record<Purpose, () => string> = {
  conversation: m.book_for_conversation,
  advice: m.book_for_advice,
  case: m.book_for_case,
  talk: m.book_for_talk,
  course: m.book_for_course,
  joint: m.book_for_joint,
  network: m.book_for_network
};
export const purposeWords = (purpose: Purpose): string => purposes[purpose]();
