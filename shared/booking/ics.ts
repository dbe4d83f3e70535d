import { ICalCalendar, ICalEventClass } from 'ical-generator';

export interface IcsEvent {
  /** `Aftale`, unless its holder chose another word. */
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly minutes: number;
  /** Only if its holder chose so. */
  readonly place: string | null;
  /** Random, and new in every file: two files of one booking do not show that they belong together. */
  readonly uid: string;
}

/**
 * A calendar file (RFC 5545) with one event in UTC and nothing that says what it is for, where it came from
 * or who made it: no address of this service, no organiser, no alarm. RFC 5545 asks for a time stamp; it is
 * the event's own, so that it does not say when somebody booked.
 */
export function writeIcs({ title, start, minutes, place, uid }: IcsEvent): string {
  const calendar = new ICalCalendar({
    prodId: { company: 'Kalender', product: 'Kalender', language: 'DA' }
  });
  calendar.createEvent({
    id: uid,
    stamp: new Date(start),
    start: new Date(start),
    end: new Date(start + minutes * 60_000),
    summary: title,
    location: place,
    class: ICalEventClass.PRIVATE
  });
  return calendar.toString();
}
