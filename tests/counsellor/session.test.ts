import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aDesk } from './desk.ts';

const MINUTE = 60_000;
type Desk = Awaited<ReturnType<typeof aDesk>>;
let desk: Desk;
let cookie: string;
beforeEach(async () => {
  desk = await aDesk();
  cookie = desk.cookieOf(await desk.signIn());
});
afterEach(() => desk.stop());

const status = async () => (await desk.session(cookie)).status;

describe('a session', () => {
  it('ends after fifteen idle minutes', async () => {
    desk.clock.time += 15 * MINUTE - 1;
    expect(await status()).toBe(200);
    desk.clock.time += 15 * MINUTE - 1;
    expect(await status()).toBe(200);
    desk.clock.time += 15 * MINUTE;
    expect(await status()).toBe(204);
    expect(await desk.store.sessions.all()).toEqual([]);
  });

  it('ends after thirty idle minutes in a conversation', async () => {
    desk.talking.add(desk.account.id);
    desk.clock.time += 29 * MINUTE;
    expect(await status()).toBe(200);
    desk.clock.time += 30 * MINUTE;
    expect(await status()).toBe(204);
  });

  it('ends after eight hours however busy it is', async () => {
    for (let n = 0; n < 47; n += 1) {
      desk.clock.time += 10 * MINUTE;
      expect(await status()).toBe(200);
    }
    desk.clock.time += 10 * MINUTE;
    expect(await status()).toBe(204);
  });

  it('ends at sign-out, for its sockets as well', async () => {
    const ended: string[] = [];
    desk.counsellors.onRevoked(({ account }) => ended.push(account));
    const account = await desk.counsellors.sessionOf(cookie);
    const answer = await desk.post('/desk/sign-out', {}, { cookie });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^frirum-try-out=; .*Expires=Thu, 01 Jan 1970/
    );
    expect(await status()).toBe(204);
    expect(await desk.counsellors.stillSignedIn(account?.session ?? '')).toBeNull();
    expect(ended).toEqual([desk.account.id]);
  });

  it('ends with all others when the account is signed out', async () => {
    const other = desk.cookieOf(await desk.signIn());
    await desk.counsellors.signOut(desk.account.id);
    expect(await status()).toBe(204);
    expect((await desk.session(other)).status).toBe(204);
  });

  it('is read from among other cookies, and from no look-alike', async () => {
    const { sessionOf } = desk.counsellors;
    expect((await sessionOf(`a=b; ${cookie}; c=d`))?.name).toBe('sofie');
    for (const header of [
      undefined,
      '',
      `x${cookie}`,
      `${cookie}x`,
      cookie.slice(0, -1),
      'frirum-try-out='
    ]) {
      expect(await sessionOf(header)).toBeNull();
    }
  });

  it('says nothing to who has none', async () => {
    const answer = await desk.ask('/desk/session');
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });
});
