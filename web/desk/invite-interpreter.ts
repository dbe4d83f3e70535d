import type { DeskConversationView, PreferencesView } from './view.ts';

/** Whether this counsellor and the visitor have no language in common, and nobody goes between them yet. */
export function lacksLanguage(talk: DeskConversationView, { writes }: PreferencesView): boolean {
  if (talk.state !== 'open' || talk.ending || writes.includes(talk.visitor.language)) return false;
  if (!talk.circle) return true;
  return talk.circle.mayPropose && !talk.circle.members.some(({ role }) => role === 'interpreter');
}

/** Asks the visitor whether an interpreter may join, and says why. */
export async function inviteInterpreter(
  talk: DeskConversationView | null,
  { writes }: PreferencesView
): Promise<void> {
  if (talk?.state !== 'open' || talk.ending) return;
  const circle = await talk.circled();
  // The reason holds only where there is one.
  circle.propose('interpreter', null, writes.includes(talk.visitor.language) ? [] : writes);
}
