import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HashingTurns } from '#server/counsellor/hashing-turns.ts';
import { hashPassword } from '#server/counsellor/password.ts';
import { newRecoveryCodes, recoveryHash } from '#server/counsellor/recovery-codes.ts';
import { secondFactor, totpStep } from '#server/counsellor/second-factor.ts';
import { Sessions } from '#server/counsellor/sessions.ts';
import { signIn } from '#server/counsellor/sign-in.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';

const secret = new Secret({ size: 20 }).base32;
const now = Date.UTC(2026, 10, 21, 12);
const clock = { time: now, now: () => clock.time };
const codeAt = (timestamp: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });

const folder = mkdtempSync(join(tmpdir(), 'frirum-second-'));
const store = openEmbedded(folder);
const password = 'mako-dilu-fesa-riro';
const account = {
  id: 'a',
  name: 'sofie',
  shownName: 'Sofie',
  role: 'counsellor',
  state: 'active',
  totpSecret: secret,
  seenDay: null
} as const;
const serverSecret = store.secret();
const parts = { accounts: store.accounts, serverSecret, clock };

beforeAll(async () => {
  await store.accounts.add([{ ...account, password: await hashPassword(password) }]);
});
beforeEach(() => {
  clock.time += 10 * 60_000;
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});
const stored = async () => store.accounts.withId('a');
const use = async (code: string) => secondFactor(await stored(), code, parts)();

describe('a one-time code', () => {
  test('that is used a hundred times in parallel is accepted once', async () => {
    const code = codeAt(clock.time);
    const results = await Promise.all(Array.from({ length: 100 }, () => use(code)));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  test('that twenty sign-ins bring in parallel signs in once', async () => {
    const everybody = {
      ...parts,
      sessions: new Sessions(store, clock, () => false),
      // Neither the lockout nor the queue may be what holds the others back.
      attempts: {
        attempt: async () => ({ takeBack: async () => {} }),
        succeeded: async () => {}
      },
      turns: new HashingTurns(2, 20)
    };
    const body = { name: 'sofie', password, totp: codeAt(clock.time) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(body, everybody)));
    expect(answers.filter((answer) => 'token' in answer)).toHaveLength(1);
    expect(answers.filter((answer) => 'refusal' in answer)).toHaveLength(19);
    expect((await store.sessions.all()).length).toBe(1);
  });

  test('is good one step before and after, and never again, nor an older one', async () => {
    expect(await use(codeAt(clock.time - 60_000))).toBe(false);
    expect(await use(codeAt(clock.time + 60_000))).toBe(false);
    expect(await use(codeAt(clock.time))).toBe(true);
    expect(await use(codeAt(clock.time - 30_000))).toBe(false);
    expect(await use(codeAt(clock.time + 30_000))).toBe(true);
    expect(await use(codeAt(clock.time))).toBe(false);
  });

  test('may be typed in two groups', async () => {
    expect(await use(codeAt(clock.time).replace(/.../, '$& '))).toBe(true);
  });

  test.each(['', '12345', '1234567', 'abcdef', '٠١٢٣٤٥'])('is not %j', async (code) => {
    expect(await use(code)).toBe(false);
  });

  test('belongs to the step it was made in', () => {
    const step = Math.floor(now / 30_000);
    expect(totpStep(secret, codeAt(now), now)).toBe(step);
    expect(totpStep(secret, codeAt(now - 30_000), now)).toBe(step - 1);
    expect(totpStep(secret, codeAt(now + 30_000), now)).toBe(step + 1);
  });
});

describe('a recovery code', () => {
  test('works once, however many try at once', async () => {
    const codes = newRecoveryCodes();
    const hashes = codes.map((code) => recoveryHash(code, 'a', serverSecret));
    await store.accounts.replaceRecoveryCodes('a', hashes);
    const [code = ''] = codes;
    const results = await Promise.all(Array.from({ length: 50 }, () => use(code)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await store.accounts.recoveryLeft('a')).toBe(9);
  });

  test('is read however it was typed, and is of one account', async () => {
    const [code = '', other = ''] = newRecoveryCodes();
    const hashes = [recoveryHash(code, 'a', serverSecret), recoveryHash(other, 'b', serverSecret)];
    await store.accounts.replaceRecoveryCodes('a', hashes);
    expect(await use(other)).toBe(false);
    const typed = code.toUpperCase().replace('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l');
    expect(await use(typed)).toBe(true);
  });
});
