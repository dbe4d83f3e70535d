import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AHouse } from './a-house.ts';
import { aSeries, common } from './a-series.ts';

let house: AHouse;
beforeEach(async () => {
  house = await AHouse.open({ onDisk: true });
});
afterEach(() => house.stop());

test('of two bookings of one series no two rows say anything that is not said of thousands', async () => {
  await aSeries(house, 5);
  const database = new DatabaseSync(join(house.folder, 'frirum.sqlite'), { readOnly: true });
  for (const table of ['booking', 'booking_done', 'clip_spent', 'clip_open', 'clip_conversation']) {
    const rows = database.prepare(`SELECT * FROM ${table}`).all();
    expect(rows, table).toHaveLength(5);
    for (const column of Object.keys(rows[0] ?? {})) {
      const values = rows.map((row) => String(row[column]));
      const isEmpty = values.every((value) => value === 'null');
      if (!common.has(column) && !isEmpty)
        expect(new Set(values).size, `${table}.${column}`).toBe(5);
    }
    // No hidden row number tells in which order they came.
    expect(() => database.prepare(`SELECT rowid FROM ${table}`).all(), table).toThrow('rowid');
  }
  database.close();
  // Nor does the log, in which they were written side by side.
  const log = readFileSync(join(house.folder, 'frirum.sqlite-wal'));
  expect(log.length).toBe(0);
});
