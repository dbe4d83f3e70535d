import { Purpose, purposesOf } from '#shared/booking/purpose.ts';
import type { LocalDate, Place, PlannedShift } from '#shared/plan/planned-shift.ts';
import type { Language, VisitorKind } from '#shared/visitor/visitor.ts';

/** What the page asks for before the house is asked. */
export type Missing =
  'nobody-chosen' | 'no-day-chosen' | 'no-time-chosen' | 'no-language' | 'no-kind' | 'no-purpose';

/** A shift as it is being written: who, which day and from when to when are enough. */
export class ShiftDraft {
  /** Stays when the line breaks, so that trying again plans nothing twice. */
  readonly id: string;
  /** Of a shift that is planned already. */
  readonly #zone: string | null;
  account = $state('');
  repeats: 'weekly' | 'once' = $state('weekly');
  /** 1 is Monday. */
  weekday = $state<number | null>(null);
  date = $state('');
  from = $state('');
  until = $state('');
  start = $state('');
  end = $state('');
  slotMinutes = $state(45);
  pauseMinutes = $state(15);
  placeKind: Place['kind'] = $state('chat');
  placeName = $state('');
  address = $state('');
  languages = $state.raw<readonly Language[]>(['da']);
  kinds = $state.raw<readonly VisitorKind[]>(['young', 'parent']);
  purposes = $state.raw<readonly Purpose[]>(['conversation', 'advice']);
  seats = $state(1);

  /** What the people it is for may book, all of them together. */
  readonly possible = $derived(
    Purpose.options.filter((one) => this.kinds.some((kind) => purposesOf[kind].includes(one)))
  );
  readonly chosen = $derived(this.purposes.filter((one) => this.possible.includes(one)));

  /** @param shift one that is planned, to be changed */
  constructor(shift: PlannedShift | null = null) {
    this.id = shift?.id ?? crypto.randomUUID();
    this.#zone = shift?.zone ?? null;
    if (!shift) return;
    const { when, offer } = shift;
    this.account = shift.account;
    this.repeats = when.repeats;
    if (when.repeats === 'once') this.date = when.date;
    else {
      this.weekday = when.weekday;
      this.from = when.from;
      this.until = when.until ?? '';
    }
    this.start = shift.start;
    this.end = shift.end === '24:00' ? '00:00' : shift.end;
    this.slotMinutes = shift.slotMinutes;
    this.pauseMinutes = shift.pauseMinutes;
    this.placeKind = offer.place.kind;
    this.placeName = 'name' in offer.place ? offer.place.name : '';
    this.address = 'address' in offer.place ? offer.place.address : '';
    this.languages = offer.languages;
    this.kinds = offer.kinds;
    this.purposes = offer.purposes;
    this.seats = offer.seats;
  }

  get missing(): Missing | null {
    if (this.account === '') return 'nobody-chosen';
    if (this.repeats === 'weekly' ? this.weekday === null : this.date === '')
      return 'no-day-chosen';
    if (this.start === '' || this.end === '') return 'no-time-chosen';
    if (this.languages.length === 0) return 'no-language';
    if (this.kinds.length === 0) return 'no-kind';
    return this.chosen.length === 0 ? 'no-purpose' : null;
  }

  /** @param zone of a new one @param today where no first day is given */
  toShift(zone: string, today: LocalDate): PlannedShift {
    return {
      ...{ id: this.id, account: this.account, zone: this.#zone ?? zone },
      when:
        this.repeats === 'once'
          ? { repeats: 'once', date: this.date }
          : {
              repeats: 'weekly',
              weekday: this.weekday ?? 1,
              from: this.from || today,
              until: this.until || null
            },
      start: this.start,
      // The field for a time knows no 24:00.
      end: this.end === '00:00' ? '24:00' : this.end,
      slotMinutes: this.slotMinutes,
      pauseMinutes: this.pauseMinutes,
      offer: {
        place: this.#place(),
        languages: [...this.languages],
        kinds: [...this.kinds],
        purposes: [...this.chosen],
        seats: this.chosen.includes('network') ? this.seats : 1
      }
    };
  }

  #place(): Place {
    const { placeKind: kind, placeName: name, address } = this;
    if (kind === 'drop-in') return { kind, name, address };
    return kind === 'house' || kind === 'walk' ? { kind, address } : { kind };
  }
}

/** A list with something in it that was not, or without what was. */
export const turned = <Value>(list: readonly Value[], value: Value): Value[] =>
  list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
