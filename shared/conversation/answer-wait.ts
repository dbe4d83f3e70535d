/** How pressing it is that somebody waits for an answer. */
export type AnswerWait = 'fresh' | 'long' | 'too-long';

/** From here on a wait is long, and too long (ms). */
const long = 60_000;
const tooLong = 180_000;

/**
 * @param waited milliseconds since the oldest message that nobody has answered
 */
export function answerWaitOf(waited: number): AnswerWait {
  if (waited < long) return 'fresh';
  return waited < tooLong ? 'long' : 'too-long';
}

/**
 * The oldest message of the other that came after one's own last: from there on the other waits,
 * however many lines they write meanwhile. Null when nothing waits for an answer.
 */
export function oldestUnanswered<Said extends { readonly from: string }>(
  messages: readonly Said[]
): Said | null {
  const answered = messages.findLastIndex(({ from }) => from === 'me');
  return messages.find(({ from }, at) => at > answered && from === 'other') ?? null;
}
