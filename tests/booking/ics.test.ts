import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { writeIcs } from '#shared/booking/ics.ts';

const start = Date.UTC(2026, 10, 25, 14);
const uid = '8f5a2c1e-3b64-4c0c-9a63-0f1f0c7c2a11';
const read = (text: string) => new ICAL.Component(ICAL.parse(text));
const names = (component: ICAL.Component) =>
  component
    .getAllProperties()
    .map(({ name }) => name)
    .toSorted();

test('an independent reader finds a title, a time, and nothing else', () => {
  const calendar = read(writeIcs({ title: 'Aftale', start, minutes: 45, place: null, uid }));
  expect(names(calendar)).toEqual(['prodid', 'version']);
  expect(String(calendar.getFirstPropertyValue('prodid'))).not.toMatch(/frirum/i);
  const all = calendar.getAllSubcomponents();
  expect(all.map(({ name }) => name)).toEqual(['vevent']);
  const [event] = all;
  if (!event) throw new Error('no event');
  expect(event.getAllSubcomponents()).toEqual([]);
  expect(names(event)).toEqual([
    'class',
    'dtend',
    'dtstamp',
    'dtstart',
    'sequence',
    'summary',
    'uid'
  ]);
  const { summary, startDate, endDate, location, organizer } = new ICAL.Event(event);
  expect({ summary, location, organizer }).toEqual({
    summary: 'Aftale',
    location: null,
    organizer: null
  });
  expect(startDate.toJSDate().getTime()).toBe(start);
  expect(endDate.toJSDate().getTime()).toBe(start + 45 * 60_000);
  expect(startDate.zone.tzid).toBe('UTC');
  // The stamp is the event's own: a file does not say when it was made.
  expect(String(event.getFirstPropertyValue('dtstamp'))).toBe('2026-11-25T14:00:00Z');
});

test('the place and another word, where somebody wants them, whatever they hold', () => {
  const title = 'Tandlæge; kl. 15, "husk"\nBEGIN:VALARM';
  const place = 'Torvet 1, 2. sal; bagindgang';
  const calendar = read(writeIcs({ title, start, minutes: 30, place, uid }));
  const [event, ...others] = calendar.getAllSubcomponents();
  if (!event) throw new Error('no event');
  expect(others).toEqual([]);
  expect(event.getAllSubcomponents()).toEqual([]);
  const { summary, location } = new ICAL.Event(event);
  expect({ summary, location }).toEqual({ summary: title, location: place });
});
