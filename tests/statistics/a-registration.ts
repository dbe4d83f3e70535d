import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Registration } from '#shared/statistics/registration.ts';

export const aRegistration: Registration = {
  kind: 'young',
  age: 'under-18',
  themes: ['home', 'loneliness'],
  substance: 'cannabis',
  onward: 'continues-here',
  length: '15-30'
};

/** The counters as they lie in the file, summed over the weeks. */
export function countersIn(folder: string): Record<string, number> {
  const database = new DatabaseSync(join(folder, 'frirum.sqlite'), { readOnly: true });
  const rows = database
    .prepare('SELECT counter, sum(many) AS many FROM counter GROUP BY counter')
    .all();
  database.close();
  return Object.fromEntries(rows.map(({ counter, many }) => [String(counter), Number(many)]));
}
