import type { PhraseGroup } from '#shared/phrases/phrase.ts';
import { m } from '#web/words/paraglide/messages.js';

const names: Readonly<Record<PhraseGroup, () => string>> = {
  begin: m.phrases_group_begin,
  listen: m.phrases_group_listen,
  wish: m.phrases_group_wish,
  scale: m.phrases_group_scale,
  exception: m.phrases_group_exception,
  outside: m.phrases_group_outside,
  honest: m.phrases_group_honest,
  goodbye: m.phrases_group_goodbye
};

export const groupName = (group: PhraseGroup): string => names[group]();
