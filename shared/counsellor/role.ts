import * as v from 'valibot';

/**
 * What a member of staff may do: a counsellor holds conversations; a lead sees queue, shifts and load
 * and looks after the team, never content; an interpreter joins a conversation when asked, nothing else.
 */
export const StaffRole = v.picklist(['counsellor', 'lead', 'interpreter']);
export type StaffRole = v.InferOutput<typeof StaffRole>;
