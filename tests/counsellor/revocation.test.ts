import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listTeam, suspendPerson } from '#shared/counsellor/team-calls.ts';
import { aCounsellor, connect, everybodyLeaves, signIn, valueOf } from '#tests/support/people.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { aTeam, type Team } from './a-team.ts';

/** Milliseconds within which every socket of somebody who is shut out is closed. */
const SOON = 2000;
const root = fileURLToPath(new URL('../..', import.meta.url));

describe('a lead who suspends somebody', () => {
  let team: Team;
  beforeAll(async () => {
    team = await aTeam();
  });
  afterAll(async () => {
    await everybodyLeaves(team.app);
    await team.stop();
  });

  test('closes all their sockets, and no others', async () => {
    const [sofie, nora] = [await team.member('Sofie'), await team.member('Nora')];
    const another = await connect(team.app, { cookie: sofie.cookie, as: 'staff' });
    const elsewhere = await connect(team.app, {
      cookie: team.cookieOf(await team.signIn(sofie.passkey)),
      as: 'staff'
    });
    const closed = Promise.all(
      [sofie.desk, another, elsewhere].map((one) => one.hears('disconnect'))
    );
    const lead = await team.freshLead();
    const from = performance.now();
    await valueOf(lead.ask(suspendPerson, { id: sofie.id }));
    await closed;
    expect(performance.now() - from).toBeLessThan(SOON);
    expect([nora.desk.socket.connected, lead.socket.connected]).toEqual([true, true]);
  });

  test('cannot be the last one, nor suspend anybody twice', async () => {
    const lead = await team.freshLead();
    const { you } = await valueOf(lead.ask(listTeam, {}));
    expect(await lead.ask(suspendPerson, { id: you })).toMatchObject({ refusal: 'last-lead' });
    const second = await team.member('Lise', 'lead');
    await valueOf(lead.ask(suspendPerson, { id: second.id }));
    expect(await lead.ask(suspendPerson, { id: second.id })).toMatchObject({
      refusal: 'not-active'
    });
    expect(await lead.ask(suspendPerson, { id: you })).toMatchObject({ refusal: 'last-lead' });
  });

  test('shuts a socket out that was being let in at that moment', async () => {
    const sofie = await team.member('Samira');
    const lead = await team.freshLead();
    const coming = Array.from({ length: 20 }, () =>
      connect(team.app, { cookie: sofie.cookie, as: 'staff' }).catch(() => null)
    );
    await valueOf(lead.ask(suspendPerson, { id: sofie.id }));
    const came = (await Promise.all(coming)).filter((one) => one !== null);
    await expect
      .poll(() => came.filter(({ socket }) => socket.connected).length, { timeout: SOON })
      .toBe(0);
  });
});

describe('the command line beside a running server', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start();
  });
  afterAll(() => server.remove());

  const team = (...args: string[]) => {
    const ran = spawnSync(process.execPath, ['scripts/frirum.mjs', 'team', ...args], {
      cwd: root,
      env: { PATH: process.env['PATH'], FRIRUM_DATA: server.data },
      encoding: 'utf8'
    });
    return { status: ran.status, printed: ran.stdout + ran.stderr };
  };

  test('suspends and resumes, and the server follows within two seconds', async () => {
    const desk = await aCounsellor(server);
    let closedAt = 0;
    const closed = desk.hears('disconnect').then(() => (closedAt = performance.now()));
    expect(team('suspend', 'mikkel')).toMatchObject({ status: 0 });
    const from = performance.now();
    await closed;
    expect(closedAt - from).toBeLessThan(SOON);
    await expect(connect(server, { cookie: desk.cookie, as: 'staff' })).rejects.toThrow();
    await expect(signIn(server)).rejects.toThrow('401');
    expect(team('list').printed).toMatch(/^Mikkel +counsellor +suspended +mikkel/m);
    expect(team('resume', 'Mikkel').status).toBe(0);
    expect(await signIn(server)).toContain('frirum-try-out=');
    desk.leave();
  });

  test.each([
    [['suspend', 'karen'], /Karen is the last lead/],
    [['suspend', 'nobody'], /Nobody is called nobody/],
    [['resume', 'sofie'], /Sofie is active, not suspended/],
    [['invite', 'Ida', '--role', 'king'], /A role is one of counsellor, lead, interpreter/]
  ])('says why not: %s', (args, why) => {
    const { status, printed } = team(...args);
    expect(status).toBe(1);
    expect(printed).toMatch(why);
  });

  test('invites', () => {
    const { printed } = team('invite', 'Ida');
    expect(printed.trimEnd().split('\n').at(-1)).toMatch(/\/desk\/invitation#[\w-]{43}$/);
    expect(team('list').printed).toMatch(/^Ida +counsellor +invited +- +never here/m);
  });
});
