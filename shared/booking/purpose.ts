import * as v from 'valibot';
import type { VisitorKind } from '../visitor/visitor.ts';

/**
 * What somebody books for: a conversation; advice about a child; a consultation (a case without names, a
 * talk for pupils or parents, a course for staff); a conversation together with a parent after "involve";
 * a network meeting.
 */
export const Purpose = v.picklist([
  'conversation',
  'advice',
  'case',
  'talk',
  'course',
  'joint',
  'network'
]);
export type Purpose = v.InferOutput<typeof Purpose>;

/** What each kind of visitor may book. */
export const purposesOf: Readonly<Record<VisitorKind, readonly Purpose[]>> = {
  young: ['conversation', 'joint', 'network'],
  parent: ['conversation', 'advice', 'joint', 'network'],
  professional: ['advice', 'case', 'talk', 'course', 'network']
};
