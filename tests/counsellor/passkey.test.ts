import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suspendPerson, resumePerson } from '#shared/counsellor/team-calls.ts';
import { everybodyLeaves, valueOf } from '#tests/support/people.ts';
import { aTeam, type Team } from './a-team.ts';
import { Authenticator } from './authenticator.ts';

let team: Team;
beforeAll(async () => {
  team = await aTeam();
});
afterAll(async () => {
  await everybodyLeaves(team.app);
  await team.stop();
});

const options = async () => (await team.post('/desk/passkey/options', {})).json();
const unknown = [401, { refusal: 'unknown-passkey' }];
const outcome = async (answer: Response) => [answer.status, await answer.json()];

describe('a passkey', () => {
  test('signs in without a name', async () => {
    const answer = await team.signIn(team.lead.passkey);
    expect(answer.status).toBe(204);
    const session = await fetch(`${team.app.origin}/desk/session`, {
      headers: { cookie: team.cookieOf(answer) }
    });
    expect(await session.json()).toEqual({
      name: 'Karen',
      role: 'lead',
      hasPassword: false,
      hasTotp: false,
      passkeys: 1,
      recoveryLeft: 10
    });
  });

  test('is asked for with verification, for this host, and whoever holds it', async () => {
    const asked = await options();
    expect(asked).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect(asked.allowCredentials ?? []).toEqual([]);
  });

  test('answers a challenge once', async () => {
    const response = team.lead.passkey.get(await options(), team.origin);
    const [first, second] = await Promise.all([
      team.post('/desk/passkey/sign-in', { response }),
      team.post('/desk/passkey/sign-in', { response })
    ]);
    expect(new Set([first.status, second.status])).toEqual(new Set([204, 401]));
    expect(await outcome(await team.post('/desk/passkey/sign-in', { response }))).toEqual(unknown);
  });

  test('answers a challenge within five minutes', async () => {
    const asked = await options();
    team.clock.ahead += 5 * 60_000;
    const response = team.lead.passkey.get(asked, team.origin);
    expect(await outcome(await team.post('/desk/passkey/sign-in', { response }))).toEqual(unknown);
    team.clock.ahead = 0;
  });

  test.each([
    ['nobody knows', () => new Authenticator(), () => team.origin],
    ['answered to a page elsewhere', () => team.lead.passkey, () => 'http://localhost:1'],
    ['answered to another host', () => team.lead.passkey, () => 'https://evil.example']
  ])('that %s is unknown', async (_, passkey, origin) => {
    const response = passkey().get(await options(), origin());
    expect(await outcome(await team.post('/desk/passkey/sign-in', { response }))).toEqual(unknown);
  });

  test('that asked for no finger and no code is unknown', async () => {
    team.lead.passkey.verifies = false;
    expect(await outcome(await team.signIn(team.lead.passkey))).toEqual(unknown);
    team.lead.passkey.verifies = true;
  });

  test('is unknown for a challenge of ours that was for something else, or of nobody', async () => {
    const { link } = await team.invite('Ida');
    const token = link.split('#')[1];
    const offered = await team.post('/desk/invitation/passkey-options', { token, name: 'ida' });
    for (const challenge of [(await offered.json()).challenge, 'A'.repeat(75), '']) {
      const response = team.lead.passkey.get({ challenge }, team.origin);
      expect(await outcome(await team.post('/desk/passkey/sign-in', { response }))).toEqual(
        unknown
      );
    }
  });

  test('is refused in pieces, and never breaks anything', async () => {
    const whole = team.lead.passkey.get(await options(), team.origin);
    for (const response of [null, {}, { ...whole, id: 7 }, { ...whole, response: {} }])
      expect((await team.post('/desk/passkey/sign-in', { response })).status).toBe(400);
    for (const changed of [
      { signature: 'AA' },
      { authenticatorData: '' },
      { clientDataJSON: '' }
    ]) {
      const response = { ...whole, response: { ...whole.response, ...changed } };
      expect((await team.post('/desk/passkey/sign-in', { response })).status).toBe(401);
    }
  });

  test('of somebody suspended is as unknown as one of nobody', async () => {
    const sofie = await team.member('Sofie');
    const lead = await team.freshLead();
    await valueOf(lead.ask(suspendPerson, { id: sofie.id }));
    expect(await outcome(await team.signIn(sofie.passkey))).toEqual(unknown);
    await valueOf(lead.ask(resumePerson, { id: sofie.id }));
    expect((await team.signIn(sofie.passkey)).status).toBe(204);
  });

  test('waits for no lockout', async () => {
    for (let n = 0; n < 8; n += 1)
      await team.post('/desk/sign-in', { name: 'karen', password: 'not-this-password' });
    const locked = await team.post('/desk/sign-in', { name: 'karen', password: 'x' });
    expect(locked.status).toBe(429);
    expect((await team.signIn(team.lead.passkey)).status).toBe(204);
  });
});

describe('a second passkey', () => {
  test('needs a step-up, and then signs in as well', async () => {
    const mikkel = await team.member('Mikkel');
    const early = await team.post('/desk/passkey/add-options', {}, { cookie: mikkel.cookie });
    expect(await outcome(early)).toEqual([403, { refusal: 'step-up-needed' }]);
    const { cookie } = await team.stepUp(mikkel.passkey, mikkel.cookie);
    const asked = await (await team.post('/desk/passkey/add-options', {}, { cookie })).json();
    expect(asked.excludeCredentials).toHaveLength(1);
    const another = new Authenticator();
    const response = another.create(asked, team.origin);
    expect((await team.post('/desk/passkey/add', { response }, { cookie })).status).toBe(200);
    expect((await team.signIn(another)).status).toBe(204);
    const again = await team.post('/desk/passkey/add', { response }, { cookie });
    expect(await outcome(again)).toEqual(unknown);
  });
});

describe('a lost passkey', () => {
  test('is made good by a recovery code, each once', async () => {
    const nora = await team.member('Nora');
    const [code = ''] = nora.recoveryCodes;
    const recover = (password: string) => team.post('/desk/sign-in', { name: 'nora', password });
    const race = await Promise.all([1, 2, 3].map(() => recover(` ${code.toUpperCase()} `)));
    expect(race.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await recover(code)).status).toBe(401);
  });
});
