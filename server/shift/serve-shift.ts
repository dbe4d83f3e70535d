import { openDesk, setShift } from '#shared/shift/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { WaitingRoom } from '#server/queue/waiting-room.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import type { Shifts } from './shifts.ts';

export const serveShift = (shifts: Shifts, room: WaitingRoom): Served[] => [
  serve(openDesk, async (_, from) => {
    const { account } = from;
    if (!account) return refuse('not-allowed');
    shifts.openDesk(account, from);
    const mine = { name: account.shownName, role: account.role, shift: shifts.stateOf(account) };
    if (account.role === 'interpreter') return accept({ ...mine, colleagues: [], queue: [] });
    await from.socket.join('desk');
    return accept({
      ...mine,
      colleagues: shifts.colleagues(),
      queue: await room.items()
    });
  }),
  serve(setShift, ({ state }, { account }) => {
    if (!account) return refuse('not-allowed');
    shifts.set(account, state);
    return accept({});
  })
];
