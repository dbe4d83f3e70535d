import type { Router } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  inviteToTeam,
  resetPerson,
  resumePerson,
  revokeCertificate,
  suspendPerson
} from '#shared/counsellor/team-calls.ts';
import { aVisitor, connect, everybodyLeaves, valueOf, type Person } from '#tests/support/people.ts';
import { aDesk } from './desk.ts';
import { aTeam, type Team } from './a-team.ts';
import { actors, mayAsk, type Actor } from './who-may-ask.ts';

/** A route that staff use: what it answers to an empty body, by who asks. */
type Answers = readonly [status: number, refusal: string | null];
const malformed = [400, 'malformed-request'] as const;
const out = [401, 'not-signed-in'] as const;
const stale = [403, 'step-up-needed'] as const;
const same = (answer: Answers) => ({ visitor: answer, staff: answer });
const routes: Readonly<Record<string, { visitor: Answers; staff: Answers }>> = {
  'post /desk/sign-in': same(malformed),
  'post /desk/passkey/options': same([200, null]),
  'post /desk/passkey/sign-in': same(malformed),
  'post /desk/passkey/add-options': { visitor: out, staff: stale },
  'post /desk/passkey/add': { visitor: out, staff: stale },
  'post /desk/step-up': { visitor: out, staff: malformed },
  'post /desk/recovery-codes': { visitor: out, staff: stale },
  'post /desk/invitation/look': same(malformed),
  'post /desk/invitation/totp': same(malformed),
  'post /desk/invitation/passkey-options': same(malformed),
  'post /desk/invitation/accept': same(malformed),
  'get /desk/session': { visitor: [204, null], staff: [200, null] },
  // Last: it ends the session that the others are asked with.
  'post /desk/sign-out': same([204, null])
};

let team: Team;
const people = {} as Record<Actor, Person>;
const cookies: Record<string, string> = { visitor: '' };

beforeAll(async () => {
  team = await aTeam();
  people.visitor = await aVisitor(team.app);
  for (const role of ['counsellor', 'interpreter'] as const) {
    const member = await team.member(role, role);
    people[role] = member.desk;
    cookies[role] = member.cookie;
  }
  people.lead = team.lead.desk;
});
afterAll(async () => {
  await everybodyLeaves(team.app);
  await team.stop();
});

describe('every call', () => {
  test('has a row, and every row a call', () => {
    const declared = team.app.app.calls.map(({ name }) => name).toSorted();
    expect(Object.keys(mayAsk).toSorted()).toEqual(declared);
  });

  test.each(actors)('is answered to a %s by the table', async (role) => {
    const answered: Record<string, boolean> = {};
    for (const { name } of team.app.app.calls) {
      const answer = await people[role].askRaw(name, null);
      expect(answer).toMatchObject({ ok: false });
      // Whoever may ask gets as far as being told that `null` is no question.
      const refusal = answer.ok ? null : answer.refusal;
      expect(['not-allowed', 'malformed-request']).toContain(refusal);
      answered[name] = refusal === 'malformed-request';
    }
    expect(answered).toEqual(
      Object.fromEntries(
        team.app.app.calls.map(({ name }) => [name, mayAsk[name]?.includes(role) ?? false])
      )
    );
  });

  test('of somebody suspended or signed out does not even arrive', async () => {
    for (const end of ['suspend', 'sign out']) {
      const gone = await team.member(`Gone ${end.length}`);
      if (end === 'suspend')
        await valueOf((await team.freshLead()).ask(suspendPerson, { id: gone.id }));
      else await team.post('/desk/sign-out', {}, { cookie: gone.cookie });
      await expect(connect(team.app, { cookie: gone.cookie, as: 'staff' })).rejects.toThrow(
        'not-signed-in'
      );
    }
  });
});

describe('what is dangerous', () => {
  const id = '00000000-0000-4000-8000-00000000000a';
  const dangerous = [
    [inviteToTeam.name, { shownName: 'X', role: 'lead' }],
    [suspendPerson.name, { id }],
    [resumePerson.name, { id }],
    [resetPerson.name, { id }],
    [revokeCertificate.name, { account: id }]
  ] as const;

  test.each(dangerous)('%s needs a step-up, which lasts five minutes', async (name, request) => {
    const other = await team.join((await team.invite('Lea', 'lead')).link, `lea ${Math.random()}`);
    const stale = { ok: false, refusal: 'step-up-needed' };
    expect(await other.desk.askRaw(name, request)).toEqual(stale);
    const { cookie } = await team.stepUp(other.passkey, other.cookie);
    expect(await other.desk.askRaw(name, request)).not.toEqual(stale);
    team.clock.ahead += 5 * 60_000 - 2000;
    expect(await other.desk.askRaw(name, request)).not.toEqual(stale);
    team.clock.ahead += 2000;
    expect(await other.desk.askRaw(name, request)).toEqual(stale);
    team.clock.ahead = 0;
    await team.post('/desk/sign-out', {}, { cookie });
  });

  test('gives a new token, and the old one is worth nothing', async () => {
    const member = await team.member('Ny');
    const { answer, cookie } = await team.stepUp(member.passkey, member.cookie);
    expect(answer.status).toBe(204);
    expect(cookie).not.toBe(member.cookie);
    const session = (with_: string) =>
      fetch(`${team.app.origin}/desk/session`, { headers: { cookie: with_ } });
    expect((await session(member.cookie)).status).toBe(204);
    expect((await session(cookie)).status).toBe(200);
    expect(member.desk.socket.connected).toBe(true);
  });

  test('is not allowed by the passkey of somebody else', async () => {
    const [one, other] = [await team.member('En'), await team.member('To')];
    const { answer } = await team.stepUp(other.passkey, one.cookie);
    expect([answer.status, await answer.json()]).toEqual([401, { refusal: 'unknown-passkey' }]);
  });
});

/** The paths of a router, as Express keeps them. */
const pathsOf = (router: Router): string[] =>
  router.stack.flatMap(({ route }) =>
    route ? route.stack.slice(0, 1).map(({ method }) => `${method} ${route.path}`) : []
  );

describe('every route of the staff', () => {
  const ask = (route: string, headers: Record<string, string>) => {
    const [method = '', path = ''] = route.split(' ');
    return fetch(`${team.app.origin}${path}`, {
      method: method.toUpperCase(),
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'post' ? { body: '{}' } : {})
    });
  };

  test('has a row, and every row a route', async () => {
    const desk = await aDesk();
    expect(pathsOf(desk.counsellors.routes).toSorted()).toEqual(Object.keys(routes).toSorted());
    await desk.stop();
  });

  test.each(['visitor', 'counsellor', 'interpreter', 'lead', 'suspended', 'signed out'])(
    'is answered to a %s by the table',
    async (who) => {
      if (who === 'lead') cookies['lead'] = team.cookieOf(await team.signIn(team.lead.passkey));
      if (who === 'suspended') {
        const gone = await team.member('Suspended');
        cookies[who] = gone.cookie;
        await valueOf((await team.freshLead()).ask(suspendPerson, { id: gone.id }));
      }
      if (who === 'signed out') {
        const gone = await team.member('Away');
        cookies[who] = gone.cookie;
        await team.post('/desk/sign-out', {}, { cookie: gone.cookie });
      }
      const isIn = ['counsellor', 'interpreter', 'lead'].includes(who);
      for (const [route, expected] of Object.entries(routes)) {
        const answer = await ask(route, { origin: team.origin, cookie: cookies[who] ?? '' });
        const body = await answer.json().catch(() => ({}));
        const told = [answer.status, body.refusal ?? null];
        expect({ route, told }).toEqual({ route, told: isIn ? expected.staff : expected.visitor });
      }
    }
  );

  test.each(['https://evil.example', 'null', 'http://localhost', ''])(
    'refuses a page of %j',
    async (from) => {
      const cookie = team.cookieOf(await team.signIn(team.lead.passkey));
      for (const route of Object.keys(routes).filter((one) => one.startsWith('post'))) {
        const answer = await ask(route, { cookie, ...(from ? { origin: from } : {}) });
        expect([route, answer.status, await answer.json()]).toEqual([
          route,
          403,
          { refusal: 'wrong-origin' }
        ]);
        expect(answer.headers.has('set-cookie')).toBe(false);
      }
      const session = await fetch(`${team.app.origin}/desk/session`, { headers: { cookie } });
      expect(session.status).toBe(200);
    }
  );
});
