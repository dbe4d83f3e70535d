import { m } from '#web/words/paraglide/messages.js';

const inWords = [
  m.card_left_one,
  m.card_left_two,
  m.card_left_three,
  m.card_left_four,
  m.card_left_five
];

/** "Tre snakke tilbage". */
export const leftWords = (count: number): string =>
  inWords[count - 1]?.() ?? m.card_left_many({ count });
