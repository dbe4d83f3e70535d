import * as v from 'valibot';
import type { Redis } from '../../redis/connection.ts';
import type { Counters } from '../counters.ts';
import type { Log } from './log.ts';
import { Text } from './replies.ts';
import { Steps } from './steps.ts';

const Sums = v.array(v.tuple([Text, v.number()]));

/** `counted:<week>` has a number for each counter, `weeks` every week that was counted in. */
const countersScript = `
function steps.count()
  local week = take()
  for i = 1, takeNumber() do call('HINCRBY', key('counted', week), take(), 1) end
  call('ZADD', key('weeks'), 0, week)
end
function steps.sums()
  local sums, rows = {}, {}
  for _, week in ipairs(call('ZRANGEBYLEX', key('weeks'), '[' .. take(), '[' .. take())) do
    local all = call('HGETALL', key('counted', week))
    for i = 1, #all, 2 do sums[all[i]] = (sums[all[i]] or 0) + tonumber(all[i + 1]) end
  end
  for counter, many in pairs(sums) do rows[#rows + 1] = { counter, many } end
  return rows
end
`;

/** The counters' part of the durable Redis. */
export function openCounters(redis: Redis, log: Log): Counters {
  const steps = new Steps(redis, countersScript);
  return {
    async count(week, counters) {
      await steps.take('count', week, counters.length, ...counters);
      // The file still says which were counted together: that would be the registration.
      log.writeAnew();
    },
    sums: async (first, last) => new Map(v.parse(Sums, await steps.look('sums', first, last)))
  };
}
