import type { ClosedDays, Offer, PlannedShift } from '#shared/plan/planned-shift.ts';

/** What every slot of a shift is, and the zone its time is kept in. */
export type SlotOffer = Offer & { readonly zone: string };

/** A slot as it should be there, by the plan. Times are milliseconds since 1970. */
export interface WantedSlot {
  readonly shift: string;
  readonly account: string;
  readonly start: number;
  readonly minutes: number;
  readonly offer: SlotOffer;
}

export interface StoredSlot extends WantedSlot {
  /** Never given to another slot, not even when this one is gone. */
  readonly id: number;
  /** What colleagues and visitors call the counsellor. */
  readonly counsellor: string;
  /** Seats that somebody has. */
  readonly taken: number;
  /** False: it stands only because a ticket still names it. */
  readonly isOpen: boolean;
}

/** A counsellor who cannot come: no slots from then until then. */
export interface Absence {
  readonly account: string;
  readonly from: number;
  readonly until: number;
}

export type PlanStep =
  | { readonly put: PlannedShift }
  | { readonly remove: string }
  | { readonly close: ClosedDays }
  | { readonly open: string }
  /** Nothing but time has passed. Booked slots stay, whatever the plan says now. */
  | { readonly extend: true };

/** The planned shifts and the slots they make; every method is one atomic step. */
export interface Plan {
  shifts(): Promise<readonly PlannedShift[]>;
  closed(): Promise<readonly ClosedDays[]>;
  absences(): Promise<readonly Absence[]>;
  /** Everybody who can have a shift. */
  counsellors(): Promise<readonly { readonly account: string; readonly name: string }[]>;
  /**
   * Changes the plan, and with it the slots after `now` of these counsellors; null: of all. A booked slot that would go, or would
   * be somewhere else, stops all of it: then nothing is changed, and those slots are named.
   * @param seen the turn of the plan that `wanted` follows from; where it is another one by now, nothing is changed either
   */
  change(
    step: PlanStep,
    of: readonly string[] | null,
    wanted: readonly WantedSlot[],
    now: number,
    seen?: number
  ): Promise<
    | { readonly slots: number }
    | { readonly concerned: readonly number[] }
    | { readonly isStale: true }
  >;
  /** Another number after every change of shifts, closed days or absences, whoever made it. */
  turn(): Promise<number>;
  /** The open slots that start in a span, in order of time. */
  slots(from: number, until: number): Promise<readonly StoredSlot[]>;
  slot(id: number): Promise<StoredSlot | null>;
  /** A number that is another one after every change of what is free. */
  version(): number;
  /**
   * The slots that every change since that version was of; null: it may be any. Where all
   * of it is in this process it is not told: to look again costs no way to anywhere.
   */
  readonly changedSince?: (version: number) => readonly number[] | null;
  /** Those of these slots that are there, open or not. */
  these(ids: readonly number[]): Promise<readonly StoredSlot[]>;
}
