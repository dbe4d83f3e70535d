// Counts registrations into the folder it is given, and says after each how many the disk has by now.
import { countersOf } from '#shared/statistics/counter.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { aRegistration } from './a-registration.ts';

const { counters } = openEmbedded(process.argv[2] ?? '');
for (let counted = 1; ; counted += 1) {
  await counters.count('2026-W33', countersOf(aRegistration));
  process.stdout.write(`${counted}\n`);
}
