import {
  changeMoving,
  closeDays,
  openDays,
  removeShift,
  saveShift,
  seePlan,
  seePlannedWeek
} from '#shared/plan/calls.ts';
import type { ClosedDays, LocalDate, PlannedShift } from '#shared/plan/planned-shift.ts';
import type { Call, RequestOf, ValueOf } from '#shared/wire/define-call.ts';
import { dateIn, mondayOf } from '../booking/days.ts';
import { Session } from '../sign-in/session.svelte.ts';
import { Line, signedInAgain, type Asked } from '../wire/line.ts';
import { Absence } from './absence.svelte.ts';
import { copiesOf, singlesIn } from './copies-of.ts';
import type { ShiftDraft } from './draft.svelte.ts';
import { inPlan } from './say-shift.ts';

export type SeenPlan = ValueOf<typeof seePlan>;
export type WeekSlot = ValueOf<typeof seePlannedWeek>['slots'][number];
type Changing =
  typeof saveShift | typeof removeShift | typeof closeDays | typeof openDays | typeof changeMoving;
type At = 'shift' | 'closed' | 'list';
type Step = RequestOf<typeof changeMoving>['step'];
type Concerned = Extract<ValueOf<Changing>, { outcome: 'bookings-concerned' }>;

/** A change that bookings stand in the way of, with where they could go. Nothing was changed. */
export interface Proposed extends Pick<Concerned, 'moves' | 'kept'> {
  readonly step: Step;
  readonly at: At;
  /** Somebody has booked or cancelled since the last one. */
  readonly isAgain: boolean;
}
/** How many bookings were moved and cancelled with a change. */
interface Moved {
  readonly moved: number;
  readonly cancelled: number;
}

/** What came of the last change. */
export type Outcome =
  | ({
      readonly of: 'saved' | 'removed';
      readonly shift: PlannedShift;
      readonly slots: number;
    } & Moved)
  | ({ readonly of: 'closed' | 'opened'; readonly slots: number } & Moved)
  | ({ readonly of: 'away'; readonly name: string } & Moved)
  | {
      readonly of: 'copied';
      readonly planned: number;
      readonly refused: readonly { readonly shift: PlannedShift; readonly refusal: string }[];
    };

/** Planned shifts, closed days and the week that follows from them, for a lead. */
export class ShiftsState {
  readonly session = new Session(() => this.#arrived());
  #connected = $state(false);
  #plan = $state.raw<SeenPlan | null>(null);
  #monday = $state('');
  #slots = $state.raw<readonly WeekSlot[]>([]);
  #refusal = $state.raw<{ at: At; name: string } | null>(null);
  #proposed = $state.raw<Proposed | null>(null);
  #outcome = $state.raw<Outcome | null>(null);
  #isBusy = $state(false);
  /** Whose shifts are shown; empty: everybody's. */
  who = $state('');
  #line: Line | null = null;
  #absence = $state.raw(this.#anAbsence());

  get connected(): boolean {
    return this.#connected;
  }
  /** Null until the house has told. */
  get plan(): SeenPlan | null {
    return this.#plan;
  }
  /** The first day of the week that is shown; empty until the plan is there. */
  get monday(): LocalDate {
    return this.#monday;
  }
  /** Of whoever is shown. */
  get slots(): readonly WeekSlot[] {
    return this.#slots.filter(({ account }) => this.#isShown(account));
  }
  /** Of whoever is shown, without what is over. */
  get planned(): readonly PlannedShift[] {
    const shifts = inPlan(this.#plan?.shifts ?? [], this.today);
    return shifts.filter(({ account }) => this.#isShown(account));
  }
  /** Why the last change did not happen, and where it was asked for. */
  get refusal(): { readonly at: At; readonly name: string } | null {
    return this.#refusal;
  }
  /** The last change, where it would have left bookings without their time; it did not happen. */
  get proposed(): Proposed | null {
    return this.#proposed;
  }
  get outcome(): Outcome | null {
    return this.#outcome;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  /** Somebody who cannot come, as it is being written. */
  get absence(): Absence {
    return this.#absence;
  }
  /** The day it is where the house is. */
  get today(): LocalDate {
    return dateIn(this.#plan?.zone ?? 'UTC', Date.now());
  }

  nameOf(account: string): string {
    return this.#plan?.counsellors.find((one) => one.account === account)?.name ?? '';
  }

  /** @returns whether it is planned now */
  async save(draft: ShiftDraft): Promise<boolean> {
    this.#begin();
    const { missing } = draft;
    if (missing) this.#refusal = { at: 'shift', name: missing };
    if (missing || !this.#plan) return false;
    const put = draft.toShift(this.#plan.zone, this.today);
    return this.#change(saveShift, { shift: put }, { put }, 'shift');
  }

  /** Plans again what was just taken away. */
  putBack(shift: PlannedShift): void {
    this.#begin();
    void this.#change(saveShift, { shift }, { put: shift }, 'list');
  }

  async remove({ id }: PlannedShift): Promise<void> {
    this.#begin();
    await this.#change(removeShift, { shift: id }, { remove: id }, 'list');
  }

  async close(days: ClosedDays): Promise<boolean> {
    this.#begin();
    if (days.from === '') this.#refusal = { at: 'closed', name: 'no-day-chosen' };
    if (days.from === '') return false;
    return this.#change(closeDays, { days }, { close: days }, 'closed');
  }

  async open({ from }: ClosedDays): Promise<void> {
    this.#begin();
    await this.#change(openDays, { from }, null, 'closed');
  }

  /** Changes the plan and moves the bookings as proposed. @returns whether it is done */
  async applyProposal(): Promise<boolean> {
    if (!this.#proposed || this.#isBusy) return false;
    const { step, at, moves } = this.#proposed;
    const wanted = moves.map(({ booking, to }) => ({
      booking: booking.booking,
      to: to && { account: to.account, start: to.start }
    }));
    this.#refusal = null;
    return this.#change(changeMoving, { step, moves: wanted }, step, at);
  }

  /** Plans the single shifts of the shown week in another one as well; what cannot be there is said. @param to a Monday */
  async copyWeek(to: LocalDate): Promise<void> {
    this.#begin();
    const singles = singlesIn(this.#plan?.shifts ?? [], this.#monday);
    const refused: { shift: PlannedShift; refusal: string }[] = [];
    const copies = copiesOf(singles, this.#monday, to);
    this.#isBusy = true;
    for (const shift of copies) {
      const answer = await this.#ask(saveShift, { shift });
      if (!answer.ok) refused.push({ shift, refusal: answer.refusal });
    }
    this.#isBusy = false;
    this.#monday = to;
    await this.#look();
    this.#outcome = { of: 'copied', planned: copies.length - refused.length, refused };
  }

  /** Something else is wanted now. */
  forgetProposal(): void {
    this.#proposed = null;
  }

  /** @returns whether what was proposed for somebody who cannot come is done */
  async applyAbsence(): Promise<boolean> {
    this.#begin();
    const { absence } = this;
    const done = await absence.apply(this.#plan?.zone ?? 'UTC');
    await this.#look();
    if (!done) return false;
    this.#outcome = { of: 'away', name: this.nameOf(absence.account), ...done };
    this.#absence = this.#anAbsence();
    return true;
  }

  async showWeek(monday: LocalDate): Promise<void> {
    this.#monday = monday;
    const answer = await this.#ask(seePlannedWeek, { monday });
    if (this.#monday === monday && answer.ok) this.#slots = answer.value.slots;
  }

  signOut(): void {
    this.leave();
    this.#line = null;
    this.#plan = null;
    this.#slots = [];
    this.#begin();
    void this.session.signOut();
  }

  leave(): void {
    this.#line?.close();
  }

  #isShown(account: string): boolean {
    return this.who === '' || this.who === account;
  }

  #anAbsence(): Absence {
    return new Absence((call, request) => this.#ask(call, request));
  }

  #begin(): void {
    this.#refusal = null;
    this.#proposed = null;
    this.#outcome = null;
  }

  /** @param step null where no booking can stand in the way @returns whether it was changed */
  async #change<C extends Changing>(
    call: C,
    request: RequestOf<C>,
    step: Step | null,
    at: At
  ): Promise<boolean> {
    this.#isBusy = true;
    const answer: Asked<Changing> = await this.#ask<Changing>(call, request);
    this.#isBusy = false;
    if (!answer.ok) this.#refusal = { at, name: answer.refusal };
    else if (answer.value.outcome === 'bookings-concerned') {
      const isAgain = this.#proposed !== null;
      if (step) this.#proposed = { ...answer.value, step, at, isAgain };
    } else {
      const { slots } = answer.value;
      const { moved, cancelled } =
        'moved' in answer.value ? answer.value : { moved: 0, cancelled: 0 };
      this.#proposed = null;
      this.#outcome = { ...this.#done(step), slots, moved, cancelled };
    }
    await this.#look();
    return answer.ok && answer.value.outcome === 'changed';
  }

  /** Asked before the plan is looked at again: what is removed is still known. */
  #done(step: Step | null) {
    if (step === null) return { of: 'opened' as const };
    if ('close' in step) return { of: 'closed' as const };
    if ('put' in step) return { of: 'saved' as const, shift: step.put };
    const shift = this.#plan?.shifts.find(({ id }) => id === step.remove);
    return shift ? { of: 'removed' as const, shift } : { of: 'closed' as const };
  }

  #arrived(): void {
    if (this.#line) dispatchEvent(new Event(signedInAgain));
    else this.#openLine();
  }

  #openLine(): void {
    const line = new Line('staff');
    this.#line = line;
    line.onState((isUp, refusal) => {
      this.#connected = isUp;
      if (isUp) void this.#look();
      if (refusal === 'not-signed-in') void this.session.signedOut();
    });
    line.open();
  }

  async #look(): Promise<void> {
    const answer = await this.#ask(seePlan, {});
    if (!answer.ok) return;
    this.#plan = answer.value;
    await this.showWeek(this.#monday || mondayOf(this.today));
  }

  async #ask<C extends Call>(call: C, request: RequestOf<C>): Promise<Asked<C>> {
    return this.#line ? this.#line.ask(call, request) : { ok: false, refusal: 'line-down' };
  }
}
