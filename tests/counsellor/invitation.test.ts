import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  inviteToTeam,
  listTeam,
  resetPerson,
  resumePerson,
  withdrawInvitation
} from '#shared/counsellor/team-calls.ts';
import { stolen } from '#tests/support/durable.ts';
import { connect, everybodyLeaves, valueOf } from '#tests/support/people.ts';
import { aTeam, day, type Team } from './a-team.ts';
import { Authenticator } from './authenticator.ts';

let team: Team;
beforeAll(async () => {
  team = await aTeam();
});
afterAll(async () => {
  await everybodyLeaves(team.app);
  await team.stop();
});

const tokenOf = ({ link }: { link: string }) => link.split('#')[1] ?? '';
const outcome = async (answer: Response) => [answer.status, await answer.json()];
const password = 'tordenvejr over jammerbugten';

const secretFor = async (token: string) =>
  (await (await team.post('/desk/invitation/totp', { token })).json()) as {
    secret: string;
    uri: string;
  };
const codeOf = (secret: string, ahead = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: team.clock.now() + ahead
  });
const accept = (token: string, change: object = {}) =>
  team.post('/desk/invitation/accept', { token, name: 'sofie', password, ...change });

describe('an invitation', () => {
  test('says who is invited to what, as often as one looks', async () => {
    const token = tokenOf(await team.invite('Sofie', 'interpreter'));
    for (let n = 0; n < 2; n += 1)
      expect(await outcome(await team.post('/desk/invitation/look', { token }))).toEqual([
        200,
        { shownName: 'Sofie', role: 'interpreter', organisation: 'Ungecentret' }
      ]);
  });

  test('is 32 random bytes behind the fragment, and stored as a hash only', async () => {
    const { link, expires } = await team.invite('Sofie');
    expect(link).toMatch(/^\/desk\/invitation#[\w-]{43}$/);
    expect(Math.abs(expires - team.clock.now() - 3 * day)).toBeLessThan(5000);
    const bytes = stolen(team.data);
    expect(bytes.includes('Sofie')).toBe(true);
    expect(bytes.includes(tokenOf({ link }))).toBe(false);
    expect(bytes.includes(Buffer.from(tokenOf({ link }), 'base64url'))).toBe(false);
  });

  test('is accepted with a password and a code: a session, ten recovery codes, and then both sign in', async () => {
    const token = tokenOf(await team.invite('Amina'));
    const { secret, uri } = await secretFor(token);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Ungecentret:Amina\?.*secret=[A-Z2-7]{32}/);
    expect((await secretFor(token)).secret).toBe(secret);
    const code = codeOf(secret);
    const answer = await accept(token, { name: ' Amina ', totpCode: code });
    expect(answer.status).toBe(200);
    const { recoveryCodes } = await answer.json();
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes)
      expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
    const session = await fetch(`${team.app.origin}/desk/session`, {
      headers: { cookie: team.cookieOf(answer) }
    });
    expect(await session.json()).toMatchObject({
      hasPassword: true,
      hasTotp: true,
      recoveryLeft: 10
    });

    const signIn = (totp?: string) =>
      team.post('/desk/sign-in', { name: 'amina', password, ...(totp ? { totp } : {}) });
    const wrong = [401, { refusal: 'wrong-name-or-password' }];
    expect(await outcome(await signIn())).toEqual(wrong);
    expect(await outcome(await signIn('000000'))).toEqual(wrong);
    // The code that accepted the invitation is used up.
    expect(await outcome(await signIn(code))).toEqual(wrong);
    expect((await signIn(codeOf(secret, 30_000))).status).toBe(204);
    expect((await signIn(recoveryCodes[3])).status).toBe(204);
    expect(await outcome(await signIn(recoveryCodes[3]))).toEqual(wrong);
  });

  test('works once, however many try at once', async () => {
    const token = tokenOf(await team.invite('Bo'));
    const made = new Authenticator();
    const offered = await team.post('/desk/invitation/passkey-options', { token, name: 'bo' });
    const asked = await offered.json();
    const race = await Promise.all(
      Array.from({ length: 10 }, () =>
        accept(token, {
          name: 'bo',
          password: undefined,
          passkey: made.create(asked, team.origin)
        })
      )
    );
    expect(race.filter(({ status }) => status === 200)).toHaveLength(1);
    const used = [410, { refusal: 'used-invitation' }];
    for (const path of ['look', 'totp'])
      expect(await outcome(await team.post(`/desk/invitation/${path}`, { token }))).toEqual(used);
    const { secret } = await secretFor(tokenOf(await team.invite('Bo')));
    expect(await outcome(await accept(token, { totpCode: codeOf(secret) }))).toEqual(used);
  });

  test('ends after 72 hours', async () => {
    const token = tokenOf(await team.invite('Sofie'));
    const { secret } = await secretFor(token);
    team.clock.ahead += 3 * day;
    const expired = [410, { refusal: 'expired-invitation' }];
    for (const path of ['look', 'totp'])
      expect(await outcome(await team.post(`/desk/invitation/${path}`, { token }))).toEqual(
        expired
      );
    expect(await outcome(await accept(token, { totpCode: codeOf(secret) }))).toEqual(expired);
    team.clock.ahead = 0;
  });

  test.each(['A'.repeat(43), 'x', '', null])('that is %s is none', async (token) => {
    const answers = await Promise.all([
      team.post('/desk/invitation/look', { token }),
      team.post('/desk/invitation/totp', { token }),
      team.post('/desk/invitation/passkey-options', { token, name: 'x' }),
      accept(token ?? '', { totpCode: '000000' })
    ]);
    for (const answer of answers)
      expect(await answer.json()).toEqual({
        refusal: token?.length === 43 ? 'unknown-invitation' : 'malformed-request'
      });
  });
});

describe('accepting is refused by name, and the invitation stays good', () => {
  test.each([
    ['name-taken', 409, { name: ' KAREN ' }],
    ['password-too-short', 422, { password: 'fourteen chars' }],
    ['password-too-common', 422, { password: 'Sommer2026Sommer' }],
    ['password-too-common', 422, { password: 'Ungecentret2026!' }],
    ['wrong-code', 422, { totpCode: '000000' }],
    ['malformed-request', 400, { password: 'x'.repeat(129) }],
    ['malformed-request', 400, { name: '' }],
    ['malformed-request', 400, { admin: true }],
    ['malformed-request', 400, { passkey: {} }]
  ])('%s', async (refusal, status, change) => {
    const token = tokenOf(await team.invite('Rikke'));
    const { secret } = await secretFor(token);
    const answer = await accept(token, { totpCode: codeOf(secret), ...change });
    expect(await outcome(answer)).toEqual([status, { refusal }]);
    expect(answer.headers.has('set-cookie')).toBe(false);
    expect((await team.post('/desk/invitation/look', { token })).status).toBe(200);
  });

  test('a passkey that was made for another invitation', async () => {
    const [mine, other] = [await team.invite('Ea'), await team.invite('Eb')].map(tokenOf);
    const offered = await team.post('/desk/invitation/passkey-options', {
      token: other,
      name: 'ea'
    });
    const passkey = new Authenticator().create(await offered.json(), team.origin);
    const answer = await accept(mine ?? '', { name: 'ea', password: undefined, passkey });
    expect(await outcome(answer)).toEqual([401, { refusal: 'unknown-passkey' }]);
  });
});

describe('a lead', () => {
  const person = async (id: string) => {
    const { people } = await valueOf(team.lead.desk.ask(listTeam, {}));
    return people.find((one) => one.id === id);
  };

  test('sees the invited, and may think better of it', async () => {
    const lead = await team.freshLead();
    const invited = await valueOf(lead.ask(inviteToTeam, { shownName: ' Per ', role: 'lead' }));
    expect(await person(invited.id)).toMatchObject({
      shownName: 'Per',
      role: 'lead',
      state: 'invited',
      lastSeenDay: null,
      invitedUntil: invited.expires
    });
    await valueOf(lead.ask(withdrawInvitation, { id: invited.id }));
    expect(await person(invited.id)).toBeUndefined();
    const look = await team.post('/desk/invitation/look', { token: tokenOf(invited) });
    expect(await outcome(look)).toEqual([404, { refusal: 'unknown-invitation' }]);
    expect(await lead.ask(withdrawInvitation, { id: invited.id })).toMatchObject({
      refusal: 'unknown-person'
    });
  });

  test('gives somebody who lost everything a new beginning under the same name', async () => {
    const lead = await team.freshLead();
    const signe = await team.member('Signe');
    const today = Math.floor(team.clock.now() / day);
    expect(await person(signe.id)).toMatchObject({ state: 'active', lastSeenDay: today });
    const gone = signe.desk.hears('disconnect');
    const reset = await valueOf(lead.ask(resetPerson, { id: signe.id }));
    await gone;
    expect((await team.signIn(signe.passkey)).status).toBe(401);
    const recover = { name: 'signe', password: signe.recoveryCodes[0] };
    expect((await team.post('/desk/sign-in', recover)).status).toBe(401);
    await expect(connect(team.app, { cookie: signe.cookie, as: 'staff' })).rejects.toThrow();
    const back = await team.join(reset.link, 'signe');
    expect((await team.signIn(back.passkey)).status).toBe(204);
    expect(await person(signe.id)).toMatchObject({ state: 'active', invitedUntil: null });
  });

  test('who takes such an invitation back leaves somebody suspended who has nothing to sign in with', async () => {
    const lead = await team.freshLead();
    const tove = await team.member('Tove');
    await valueOf(lead.ask(resetPerson, { id: tove.id }));
    await valueOf(lead.ask(withdrawInvitation, { id: tove.id }));
    expect(await person(tove.id)).toMatchObject({ state: 'suspended' });
    expect(await lead.ask(resumePerson, { id: tove.id })).toMatchObject({
      refusal: 'needs-invitation'
    });
  });
});
