import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defaultRule } from '#shared/klippekort/rule.ts';
import { AService, type ADevice } from './a-service.ts';

/** Long enough that no two random values share one by chance; what everybody says is shorter or public. */
const WINDOW = 6;
const fourZeros = Buffer.alloc(4);

/** Every run of 6 bytes in the random values of a text: base64url of 16 bytes and more. */
function windowsIn(text: string): Set<string> {
  const windows = new Set<string>();
  for (const [value] of text.matchAll(/[A-Za-z0-9_-]{20,}/g)) {
    const bytes = Buffer.from(value, 'base64url');
    for (let at = 0; at + WINDOW <= bytes.length; at += 1)
      // A visitor's right has sixteen zeros in the middle; five of them and one byte are no random value.
      if (!bytes.subarray(at, at + WINDOW).includes(fourZeros))
        windows.add(bytes.toString('hex', at, at + WINDOW));
  }
  return windows;
}

/** The windows that occur under more than one name. */
function sharedWindows(dumps: ReadonlyMap<string, Set<string>>): string[] {
  const seenIn = new Map<string, string>();
  const shared = new Set<string>();
  for (const [name, windows] of dumps)
    for (const window of windows) {
      const before = seenIn.get(window);
      if (before !== undefined && before !== name) shared.add(window);
      seenIn.set(window, name);
    }
  return [...shared];
}

/** Everything in the database that a conversation left there: the rows that were not there before it, as text. */
function readRows(folder: string): Map<string, string> {
  const database = new DatabaseSync(join(folder, 'frirum.sqlite'), { readOnly: true });
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'clip_%'")
    .all();
  const rows = new Map<string, string>();
  for (const { name } of tables) {
    if (name === 'clip_key') continue;
    for (const row of database.prepare(`SELECT * FROM ${String(name)}`).all()) {
      const text = Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : String(value)
      );
      rows.set(`${String(name)} ${text.join(' ')}`, text.join(' '));
    }
  }
  database.close();
  return rows;
}

const visitors = 50;
const printed: string[] = [];

/** Who talked in which conversation: known to this test, and to nobody else. */
interface Told {
  readonly visitor: number;
  readonly conversation: string;
}

describe('all that five conversations of each of fifty visitors leave', () => {
  let service: AService;
  const told: Told[] = [];
  /** What each conversation said, was answered, and left in the store. */
  const left = new Map<string, string[]>();

  beforeAll(async () => {
    for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, name).mockImplementation((...words) => void printed.push(words.join(' ')));
    service = await AService.start();
    const devices = Array.from({ length: visitors }, () => service.device());
    for (let nth = 1; nth <= defaultRule.limit; nth += 1)
      for (const [visitor, device] of devices.entries()) await converse(visitor, device, nth);
  }, 240_000);
  afterAll(async () => {
    vi.restoreAllMocks();
    await service.stop();
  });

  async function converse(
    visitor: number,
    device: ADevice,
    nth: number,
    isFirstTry = true
  ): Promise<void> {
    service.now += 61_000;
    const before = readRows(service.folder);
    const at = service.begin();
    const { conversation } = at;
    const from = service.traffic.length;
    if (nth > 1) expect(await device.holder.present(at)).toMatchObject({ ok: true });
    // Rows that are gone again when the conversation is over are part of what it left for a while.
    const during = readRows(service.folder);
    // One in five is not answered, and comes again.
    const isMissed = isFirstTry && nth > 1 && (visitor + nth) % 5 === 0;
    service.becomes(at, isMissed ? 'did-not' : 'took-place');
    if (nth === 1) {
      const came = await device.holder.requestCard(at, 'young-under-18');
      expect(came).toMatchObject({ ok: true });
    } else expect(await device.holder.settle()).toMatchObject({ ok: true });
    if (nth === defaultRule.limit && !isMissed) {
      await service.bothDecide(at, 'involve');
      expect(await device.holder.decide(at)).toMatchObject({ ok: true });
    }
    await service.over(at);
    const rows = new Map([...during, ...readRows(service.folder)]);
    const added = [...rows].filter(([row]) => !before.has(row)).map(([, text]) => text);
    const said = service.traffic.slice(from).map(({ text }) => text);
    told.push({ visitor, conversation });
    left.set(conversation, [...said, ...added]);
    if (isMissed) await converse(visitor, device, nth, false);
  }

  /** What most visitors' conversations hold says nothing of one: a right's fixed bytes, for instance. */
  function everybodys(): Set<string> {
    const holders = new Map<string, Set<number>>();
    for (const { visitor, conversation } of told)
      for (const window of windowsIn((left.get(conversation) ?? []).join('\n'))) {
        const own = holders.get(window) ?? new Set();
        holders.set(window, own.add(visitor));
      }
    return new Set([...holders].filter(([, own]) => own.size > visitors / 2).map(([one]) => one));
  }

  /** For each visitor, the 6-byte windows that two of their conversations share. */
  function sharedByVisitor(): string[] {
    const common = everybodys();
    const shared: string[] = [];
    for (let visitor = 0; visitor < visitors; visitor += 1) {
      const own = told.filter((one) => one.visitor === visitor);
      const dumps = new Map(
        own.map(({ conversation }) => [
          conversation,
          windowsIn((left.get(conversation) ?? []).join('\n'))
        ])
      );
      shared.push(...sharedWindows(dumps));
    }
    return shared.filter((window) => !common.has(window));
  }

  test('there is enough of it to look at', () => {
    expect(told.length).toBeGreaterThanOrEqual(visitors * defaultRule.limit);
    for (const { conversation } of told)
      expect(windowsIn((left.get(conversation) ?? []).join('\n')).size).toBeGreaterThan(150);
  });

  test('no value, nor six bytes of one, is in two conversations of one person', () => {
    expect(sharedByVisitor()).toEqual([]);
  });

  test('the same search finds a value that is planted in two', () => {
    const [one, other] = told.filter(({ visitor }) => visitor === 7);
    if (!one || !other) throw new Error('nobody talked');
    const planted = randomBytes(16);
    for (const [at, { conversation }] of [one, other].entries()) {
      // Not the whole value, not at the same place, and once inside another.
      const hidden = Buffer.concat([randomBytes(9 * at), planted.subarray(at, 7 + at)]);
      const padded = Buffer.concat([hidden, randomBytes(20)]).toString('base64url');
      left.get(conversation)?.push(padded);
    }
    const found = sharedByVisitor();
    for (const { conversation } of [one, other]) left.get(conversation)?.pop();
    expect(found).toEqual([planted.toString('hex', 1, 7)]);
    expect(sharedByVisitor()).toEqual([]);
  });

  test('the words that are left are the same for everybody at the same stage', () => {
    // Everything that is no random value: names of calls and fields, stage, holder, year, outcome, day.
    const wordsOf = (texts: readonly string[]) =>
      texts
        .map((text) => text.replaceAll(/[A-Za-z0-9_-]{22,}/g, '·'))
        .toSorted()
        .join('\n');
    const kinds = new Set(told.map(({ conversation }) => wordsOf(left.get(conversation) ?? [])));
    // First, ordinary and fifth, of which the last two also unanswered.
    expect(kinds.size).toBe(5);
  });

  test('nothing was printed, and no time finer than a day was written', () => {
    expect(printed).toEqual([]);
    const day = Math.floor(service.now / 86_400_000);
    for (const text of readRows(service.folder).values()) {
      const numbers = text.match(/(?<![\w-])\d+(?![\w-])/g) ?? [];
      for (const number of numbers) expect([0, 1, 2026, 2027, day]).toContain(Number(number));
    }
  });

  test('no conversation is named in what is stored, and no link is left', () => {
    const rows = readRows(service.folder);
    const file = readFileSync(join(service.folder, 'frirum.sqlite'));
    const log = readFileSync(join(service.folder, 'frirum.sqlite-wal'));
    for (const { conversation } of told) {
      const raw = Buffer.from(conversation, 'base64url');
      for (const bytes of [file, log]) {
        expect(bytes.includes(raw)).toBe(false);
        expect(bytes.includes(conversation)).toBe(false);
      }
    }
    expect([...rows.keys()].filter((row) => row.startsWith('clip_open'))).toEqual([]);
  });

  test('issuing and spending share no value', () => {
    const rows = [...readRows(service.folder).keys()];
    const of = (table: string) => windowsIn(rows.filter((row) => row.startsWith(table)).join('\n'));
    const spending = of('clip_spent');
    expect(spending.size).toBeGreaterThan(1000);
    for (const window of of('clip_conversation')) expect(spending.has(window)).toBe(false);
  });
});
