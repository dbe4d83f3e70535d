import * as v from 'valibot';
import { VisitorKind } from '../visitor/visitor.ts';

/** Something a meeting is to be about, and what kind of person would like it. */
export interface AgendaItem {
  readonly kind: VisitorKind;
  readonly text: string;
}

/** One line `parent`, then the words. */
export const writeItem = ({ kind, text }: AgendaItem): string => `${kind}\n${text}`;

/** @returns null for what is no item */
export function readItem(item: string): AgendaItem | null {
  const end = item.indexOf('\n');
  const kind = v.safeParse(VisitorKind, item.slice(0, Math.max(end, 0)));
  return kind.success ? { kind: kind.output, text: item.slice(end + 1) } : null;
}
