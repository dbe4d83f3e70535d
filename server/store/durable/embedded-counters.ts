import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import type { Counters } from './counters.ts';
import { atOnce } from './open-file.ts';

const SumRow = v.object({ counter: v.string(), many: v.number() });

/** The counters' part of the SQLite file. */
export function openCounters(database: DatabaseSync): Counters {
  const addOne = database.prepare(
    `INSERT INTO counter (week, counter, many) VALUES (?, ?, 1)
     ON CONFLICT (week, counter) DO UPDATE SET many = many + 1`
  );
  const sums = database.prepare(
    'SELECT counter, sum(many) AS many FROM counter WHERE week BETWEEN ? AND ? GROUP BY counter'
  );
  return {
    async count(week, counters) {
      atOnce(database, () => {
        for (const counter of counters) addOne.run(week, counter);
      });
      // The log holds the pages before and after: their difference would be the registration.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    async sums(first, last) {
      const rows = v.parse(v.array(SumRow), sums.all(first, last));
      return new Map(rows.map(({ counter, many }) => [counter, many]));
    }
  };
}
