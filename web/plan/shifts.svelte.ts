import type { DayBooking } from '#shared/booking/calls.ts';
import {
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
import type { ShiftDraft } from './draft.svelte.ts';

export type SeenPlan = ValueOf<typeof seePlan>;
export type WeekSlot = ValueOf<typeof seePlannedWeek>['slots'][number];
type Changing = typeof saveShift | typeof removeShift | typeof closeDays | typeof openDays;

/** What came of the last change. */
export type Outcome =
  | { readonly of: 'saved' | 'removed'; readonly shift: PlannedShift; readonly slots: number }
  | { readonly of: 'closed' | 'opened'; readonly slots: number }
  | {
      readonly of: 'away';
      readonly name: string;
      readonly moved: number;
      readonly cancelled: number;
    };

/** Planned shifts, closed days and the week that follows from them, for a lead. */
export class ShiftsState {
  readonly session = new Session(() => this.#arrived());
  #connected = $state(false);
  #plan = $state.raw<SeenPlan | null>(null);
  #monday = $state('');
  #slots = $state.raw<readonly WeekSlot[]>([]);
  #refusal = $state.raw<{ at: 'shift' | 'closed' | 'list'; name: string } | null>(null);
  #concerned = $state.raw<readonly DayBooking[]>([]);
  #outcome = $state.raw<Outcome | null>(null);
  #isBusy = $state(false);
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
  get slots(): readonly WeekSlot[] {
    return this.#slots;
  }
  /** Why the last change did not happen, and where it was asked for. */
  get refusal(): { readonly at: 'shift' | 'closed' | 'list'; readonly name: string } | null {
    return this.#refusal;
  }
  /** Bookings that the last change would have left without their time; it did not happen. */
  get concerned(): readonly DayBooking[] {
    return this.#concerned;
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
    return this.#put(draft.toShift(this.#plan.zone, this.today), 'shift');
  }

  /** Plans again what was just taken away. */
  putBack(shift: PlannedShift): void {
    this.#begin();
    void this.#put(shift, 'list');
  }

  async remove(shift: PlannedShift): Promise<void> {
    this.#begin();
    const slots = await this.#change(removeShift, { shift: shift.id }, 'list');
    if (slots !== null) this.#outcome = { of: 'removed', shift, slots };
  }

  async close(days: ClosedDays): Promise<boolean> {
    this.#begin();
    if (days.from === '') this.#refusal = { at: 'closed', name: 'no-day-chosen' };
    if (days.from === '') return false;
    const slots = await this.#change(closeDays, { days }, 'closed');
    if (slots !== null) this.#outcome = { of: 'closed', slots };
    return slots !== null;
  }

  async open({ from }: ClosedDays): Promise<void> {
    this.#begin();
    const slots = await this.#change(openDays, { from }, 'closed');
    if (slots !== null) this.#outcome = { of: 'opened', slots };
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

  #anAbsence(): Absence {
    return new Absence((call, request) => this.#ask(call, request));
  }

  #begin(): void {
    this.#refusal = null;
    this.#concerned = [];
    this.#outcome = null;
  }

  async #put(shift: PlannedShift, at: 'shift' | 'list'): Promise<boolean> {
    const slots = await this.#change(saveShift, { shift }, at);
    if (slots !== null) this.#outcome = { of: 'saved', shift, slots };
    return slots !== null;
  }

  /** @returns how many times there are now; null when nothing was changed */
  async #change<C extends Changing>(
    call: C,
    request: RequestOf<C>,
    at: 'shift' | 'closed' | 'list'
  ): Promise<number | null> {
    this.#isBusy = true;
    const answer: Asked<Changing> = await this.#ask<Changing>(call, request);
    this.#isBusy = false;
    if (!answer.ok) this.#refusal = { at, name: answer.refusal };
    else if (answer.value.outcome === 'bookings-concerned') this.#concerned = answer.value.bookings;
    await this.#look();
    return answer.ok && answer.value.outcome === 'changed' ? answer.value.slots : null;
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
