import type { MemberView, NoteView } from './view.ts';

/** What happened beside what was said, in its place between the messages. */
export class Notes {
  #all = $state.raw<readonly NoteView[]>([]);
  readonly #lastMessage: () => string | null;

  constructor(lastMessage: () => string | null) {
    this.#lastMessage = lastMessage;
  }

  get all(): readonly NoteView[] {
    return this.#all;
  }

  add(kind: NoteView['kind'], name: string | null = null, role: NoteView['role'] = 'guest'): void {
    const note = { id: this.#all.length, after: this.#lastMessage(), kind, name, role };
    this.#all = [...this.#all, note];
  }

  /** Who came and who went; the first roster begins with two who are no news to each other. */
  changed(
    before: readonly MemberView[],
    now: readonly MemberView[],
    gone: 'left' | 'removed'
  ): void {
    const known = before.length > 0 ? before : now.slice(0, 2);
    for (const { id, name, role, isMe } of now)
      if (!isMe && !known.some((one) => one.id === id)) this.add('came', name, role);
    for (const { id, name, role } of before)
      if (!now.some((one) => one.id === id)) this.add(gone, name, role);
  }
}
