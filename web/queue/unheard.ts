import type { ConversationView } from '../conversation/view.ts';

/**
 * What the visitor had written to a counsellor who never answered, and what still stood in the field: the
 * next one can have it. Once both had written, what was said stays between those two.
 */
export function unheard({ messages, draft }: Pick<ConversationView, 'messages' | 'draft'>): string {
  const talked = messages.some(({ from }) => from === 'other');
  const said = messages.filter(
    ({ from, state }) => from === 'me' && (!talked || state !== 'delivered')
  );
  return [...said.map(({ text }) => text), draft].filter((text) => text.trim() !== '').join('\n');
}
