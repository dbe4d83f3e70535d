import { readStatistics, register } from '#shared/statistics/calls.ts';
import { countersOf } from '#shared/statistics/counter.ts';
import { isoWeekOf } from '#shared/statistics/iso-week.ts';
import { isOver, periodOf } from '#shared/statistics/period.ts';
import { publishedCounts } from '#shared/statistics/tables.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { Clock } from '#server/clock.ts';
import { capabilityLife, type CapabilityContent } from '#server/conversation/capability.ts';
import type { Counters } from '#server/store/durable/counters.ts';
import type { Once } from '#server/store/volatile/house.ts';
import type { RelayStore } from '#server/store/volatile/relay.ts';
import type { Connection } from '#server/wire/connection.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { Registered } from './registered.ts';

interface Needs {
  readonly counters: Counters;
  readonly clock: Clock;
  /** What a capability gives a right to, if it is this asker's. */
  readonly rightOf: (capability: string, from: Connection) => Promise<CapabilityContent | null>;
  readonly once: Once;
  readonly relay: Pick<RelayStore, 'isClosed' | 'isHere' | 'close'>;
}

export const serveStatistics = (needs: Needs): Served[] => [
  serveRegister(needs, new Registered(needs.once, capabilityLife * 1000)),
  serveReadStatistics(needs)
];

function serveRegister({ counters, clock, rightOf, relay }: Needs, registered: Registered) {
  const startedAt = clock.now() / 1000;
  /** Of one that ended before the server was started, nobody knows any more whether it was counted. */
  const isKnown = async ({ conversation, since }: CapabilityContent): Promise<boolean> =>
    since > startedAt ||
    (await relay.isClosed(conversation)) ||
    (await relay.isHere(conversation, 'visitor')) ||
    (await relay.isHere(conversation, 'counsellor'));

  return serve(register, async ({ capability, registration }, from) => {
    const right = await rightOf(capability, from);
    if (right?.role !== 'counsellor') return refuse('not-your-conversation');
    if (!(await isKnown(right))) return refuse('conversation-forgotten');
    if (!(await registered.claim(right.conversation))) return refuse('already-registered');
    try {
      // A visitor whose page was shut with the last word has not told that it is over.
      await relay.close(right.conversation);
      await counters.count(isoWeekOf(clock.now()), countersOf(registration));
    } catch (error) {
      await registered.release(right.conversation).catch(() => {});
      throw error;
    }
    return accept({});
  });
}

const serveReadStatistics = ({ counters, clock }: Needs) =>
  serve(readStatistics, async ({ week }) => {
    const period = periodOf(week);
    if (!isOver(period, isoWeekOf(clock.now()))) return refuse('period-not-over');
    const sums = await counters.sums(period.first, period.last);
    const counts = publishedCounts((counter) => sums.get(counter) ?? 0);
    return accept({ ...period, counts: counts.map(({ of, shown }) => ({ of: { ...of }, shown })) });
  });
