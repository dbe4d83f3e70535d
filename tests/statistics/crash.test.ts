import { expect, test, vi } from 'vitest';
import { endConversation } from '#shared/conversation/calls.ts';
import { register } from '#shared/statistics/calls.ts';
import { countersOf } from '#shared/statistics/counter.ts';
import { aFolder } from '#tests/start/a-folder.ts';
import { run } from '#tests/start/a-process.ts';
import { aConversation, connect, signIn, valueOf } from '#tests/support/people.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { aRegistration, countersIn } from './a-registration.ts';

test('a kill loses at most the count that was not acknowledged, and never half of one', async () => {
  const folder = aFolder();
  let before = 0;
  for (const patience of [30, 60, 110]) {
    const counting = run(['tests/statistics/count-until-killed.ts', folder], {});
    const acknowledged = () => Number(counting.printed().trim().split('\n').at(-1) ?? 0);
    await vi.waitUntil(() => acknowledged() >= patience, { timeout: 20_000, interval: 3 });
    counting.child.kill('SIGKILL');
    await counting.ended;
    const counters = countersIn(folder);
    const many = (counters['registered=something'] ?? 0) - before;
    expect(many).toBeGreaterThanOrEqual(acknowledged());
    expect(many).toBeLessThanOrEqual(acknowledged() + 1);
    expect(counters).toEqual(
      Object.fromEntries(countersOf(aRegistration).map((name) => [name, before + many]))
    );
    before += many;
  }
}, 60_000);

test('a server that is killed has what it acknowledged, and gives no right a second time', async () => {
  const server = await ServerProcess.start();
  try {
    const { counsellor, desk, counsellorToken: capability } = await aConversation(server);
    await valueOf(counsellor.ask(endConversation, {}));
    await valueOf(desk.ask(register, { capability, registration: aRegistration }));
    await server.kill();
    await server.start();
    expect(countersIn(server.data)['registered=something']).toBe(1);
    const back = await connect(server, { cookie: await signIn(server), as: 'staff' });
    // Of a conversation that ended before, the new process knows nothing: it is not counted again.
    expect(await back.ask(register, { capability, registration: aRegistration })).toMatchObject({
      refusal: 'conversation-forgotten'
    });
    expect(countersIn(server.data)['registered=something']).toBe(1);
    for (const person of [counsellor, desk, back]) person.leave();
  } finally {
    await server.remove();
  }
}, 60_000);
