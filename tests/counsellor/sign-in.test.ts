import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aDesk, origin, password } from './desk.ts';

type Desk = Awaited<ReturnType<typeof aDesk>>;
let desk: Desk;
beforeEach(async () => {
  desk = await aDesk();
});
afterEach(() => desk.stop());

describe('signing in', () => {
  it('gives a session to the right name and password', async () => {
    const answer = await desk.signIn({ name: ' SOFIE ', password });
    expect(answer.status).toBe(204);
    const session = await desk.session(desk.cookieOf(answer));
    expect(session.status).toBe(200);
    expect(await session.json()).toEqual({
      name: 'Sofie',
      role: 'counsellor',
      hasPassword: true,
      hasTotp: false,
      passkeys: 0,
      recoveryLeft: 0
    });
  });

  it('sets a cookie no script and no other site can use', async () => {
    const plain = (await desk.signIn()).headers.get('set-cookie');
    expect(plain).toMatch(/^frirum-try-out=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const secure = await aDesk({ https: true });
    const strict = (await secure.signIn()).headers.get('set-cookie');
    await secure.stop();
    expect(strict).toMatch(/^__Host-frirum=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it('answers the same for a wrong password and for a name nobody has', async () => {
    const answers = [
      await desk.signIn({ name: 'sofie', password: 'not-this-password' }),
      await desk.signIn({ name: 'nobody', password: 'not-this-password' })
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.has('set-cookie')).toBe(false);
      expect(await answer.json()).toEqual({ refusal: 'wrong-name-or-password' });
    }
    const namesOf = (answer: Response) => [...answer.headers.keys()].toSorted();
    expect(answers.map(namesOf)[0]).toEqual(answers.map(namesOf)[1]);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a number for a name', { name: 7, password }],
    ['no password', { name: 'sofie' }],
    ['a password of 129 characters', { name: 'sofie', password: 'x'.repeat(129) }],
    ['something unknown beside it', { name: 'sofie', password, admin: true }],
    ['a prototype', JSON.parse('{"__proto__":{"name":"sofie"},"password":"x"}')]
  ])('refuses %s', async (_, body) => {
    const answer = await desk.signIn(body);
    expect([answer.status, await answer.json()]).toEqual([400, { refusal: 'malformed-request' }]);
  });

  it('refuses what is not JSON', async () => {
    const answer = await desk.signIn({}, { 'content-type': 'text/plain' });
    expect([answer.status, await answer.json()]).toEqual([400, { refusal: 'malformed-request' }]);
  });

  it.each(['https://elsewhere.example', 'null', 'http://localhost:3001', `${origin}.example`])(
    'refuses a page of %s',
    async (from) => {
      for (const path of ['/desk/sign-in', '/desk/sign-out']) {
        const answer = await desk.post(path, { name: 'sofie', password }, { origin: from });
        expect([answer.status, await answer.json()]).toEqual([403, { refusal: 'wrong-origin' }]);
        expect(answer.headers.has('set-cookie')).toBe(false);
      }
    }
  );

  it('refuses who says no origin', async () => {
    const answer = await desk.ask('/desk/sign-in', { method: 'POST' });
    expect(answer.status).toBe(403);
  });

  it('ends the old session of the same browser', async () => {
    const first = desk.cookieOf(await desk.signIn());
    const second = desk.cookieOf(await desk.signIn(undefined, { cookie: first }));
    expect(second).not.toBe(first);
    expect((await desk.session(first)).status).toBe(204);
    expect((await desk.session(second)).status).toBe(200);
  });

  it('keeps no token on the disk, only its hash', async () => {
    const token = desk.cookieOf(await desk.signIn()).split('=')[1] ?? '';
    expect(token).toHaveLength(43);
    for (const file of ['frirum.sqlite', 'frirum.sqlite-wal']) {
      const bytes = readFileSync(join(desk.folder, file));
      for (const secret of [token, Buffer.from(token, 'base64url'), password]) {
        expect(bytes.includes(secret)).toBe(false);
      }
    }
  });
});

describe('too many attempts', () => {
  const wrong = (name: string) => desk.signIn({ name, password: 'wrong' });

  it.each(['sofie', 'nobody'])('make %s wait, longer each time, never for ever', async (name) => {
    for (let n = 0; n < 6; n += 1) expect((await wrong(name)).status).toBe(401);
    for (const seconds of [1, 2, 4]) {
      const answer = await desk.signIn({ name, password });
      expect(answer.status).toBe(429);
      expect(answer.headers.get('retry-after')).toBe(String(seconds));
      expect(await answer.json()).toEqual({ refusal: 'too-many-attempts', seconds });
      desk.clock.time += seconds * 1000;
      expect((await wrong(name)).status).toBe(401);
    }
  });

  it('are forgiven by the right password', async () => {
    for (let n = 0; n < 6; n += 1) await wrong('sofie');
    desk.clock.time += 1000;
    expect((await desk.signIn()).status).toBe(204);
    for (let n = 0; n < 5; n += 1) expect((await wrong('sofie')).status).toBe(401);
    expect((await desk.signIn()).status).toBe(204);
  });

  it('are counted when they come at once', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await wrong('sofie')).status)
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(6);
    expect(statuses.filter((status) => status === 429)).toHaveLength(14);
  });

  it('of many names find the server busy, and it recovers', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => (await wrong(`name ${n}`)).status)
    );
    // Two at a time and twenty who wait; on a slow machine one may be done before the last asks.
    const answered = statuses.filter((status) => status === 401).length;
    expect(answered).toBeGreaterThanOrEqual(22);
    expect(answered).toBeLessThan(30);
    expect(statuses.filter((status) => status === 503)).toHaveLength(40 - answered);
    expect((await desk.signIn()).status).toBe(204);
  });
});
