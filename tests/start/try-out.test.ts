import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCertificate } from '#shared/crypto/certificate.ts';
import { makeAccount } from '#server/counsellor/counsellors.ts';
import { isPassword } from '#server/counsellor/password.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { openTryOut } from '#server/try-out/organisation.ts';
import { makeSignIns, signInLines } from '#server/try-out/sign-ins.ts';
import { aFolder, modeOf } from './a-folder.ts';

const now = Date.UTC(2026, 10, 21);

describe('the sign-ins of a try-out', () => {
  it('are made once, for one lead and two counsellors', async () => {
    const folder = aFolder();
    const store = openEmbedded(folder);
    const signIns = await makeSignIns(folder, store.accounts, makeAccount);
    const file = join(folder, 'try-out.json');
    const written = readFileSync(file, 'utf8');
    expect(JSON.parse(written)).toEqual({ accounts: signIns });
    expect(modeOf(file)).toBe('600');
    expect(signIns?.map(({ role }) => role)).toEqual(['lead', 'counsellor', 'counsellor']);
    for (const { role, name, signIn, password, totpSecret } of signIns ?? []) {
      expect(password).toMatch(/^([a-z]{4}-){3}[a-z]{4}$/);
      expect(totpSecret).toBeNull();
      const account = await store.accounts.named(signIn);
      expect(account).toMatchObject({ role, shownName: name });
      expect(await isPassword(password, account?.password ?? '')).toBe(true);
      expect(signInLines(signIns ?? [], folder).join('\n')).toContain(password);
    }
    expect(await makeSignIns(folder, store.accounts, makeAccount)).toBeNull();
    expect(readFileSync(file, 'utf8')).toBe(written);
    await store.close();
  });
});

describe('the organisation key', () => {
  it('is made once, for its owner only, and signs', async () => {
    const folder = aFolder();
    const made = await openTryOut(folder, now);
    const path = join(folder, 'organisation.key');
    expect(modeOf(path)).toBe('600');
    expect(readFileSync(path, 'utf8')).toMatch(/^# Frirum organisation key.*\n[0-9a-f]{128}\n$/);
    const again = await openTryOut(folder, now);
    expect(again.publicKey).toEqual(made.publicKey);

    const device = new Uint8Array(32).fill(3);
    const certificate = await again.issue?.(device, 'counsellor', now);
    const trust = { organisationKey: made.publicKey, role: 'counsellor', now: now + 1000 } as const;
    expect(checkCertificate(certificate ?? new Uint8Array(), trust).kind).toBe('valid');
  });

  it('is refused when others can read it', async () => {
    const folder = aFolder();
    await openTryOut(folder, now);
    chmodSync(join(folder, 'organisation.key'), 0o640);
    await expect(openTryOut(folder, now)).rejects.toThrow(/others .* can read .*chmod 600/);
  });

  it.each([
    ['cut', (text: string) => text.slice(0, -9)],
    ['empty', () => ''],
    [
      'changed in its public half',
      (text: string) => text.replace(/.\n$/, (end) => (end === '0\n' ? '1\n' : '0\n'))
    ],
    ['of another seed', (text: string) => text.replace(/\n[0-9a-f]{64}/, `\n${'a'.repeat(64)}`)]
  ])('is refused when it is %s', async (_, damage) => {
    const folder = aFolder();
    await openTryOut(folder, now);
    const path = join(folder, 'organisation.key');
    const text = readFileSync(path, 'utf8');
    const damaged = damage(text);
    writeFileSync(path, damaged);
    await expect(openTryOut(folder, now)).rejects.toThrow(/organisation\.key is damaged/);
    expect(readFileSync(path, 'utf8')).toBe(damaged);
  });
});
