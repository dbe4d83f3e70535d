import { describe, expect, it } from 'vitest';
import { createChannel } from '#shared/crypto/channel.ts';
import { answerHello, confirmFinish } from '#shared/crypto/counsellor-handshake.ts';
import { createOpenSessions } from '#shared/crypto/open-sessions.ts';
import { acceptReply, offerHello } from '#shared/crypto/visitor-handshake.ts';
import { aKey, meet } from './invited-pair.ts';
import {
  aGuestWhoAnswers,
  aGuestWhoAsks,
  aVisitor,
  clock,
  room,
  securedIn
} from './two-parties.ts';

it('a guest is not made without an invitation or a resume key, nor with half a key', async () => {
  await expect(aGuestWhoAsks({})).rejects.toThrow(RangeError);
  await expect(aGuestWhoAnswers({})).rejects.toThrow(RangeError);
  await expect(aGuestWhoAsks({ invitation: new Uint8Array(31) })).rejects.toThrow(RangeError);
  await expect(aVisitor({ invitation: new Uint8Array(33) })).rejects.toThrow(RangeError);
  await expect(aGuestWhoAnswers({ resumeKey: aKey() })).resolves.toBeDefined();
});

it('a guest that somehow knows nothing answers nobody', async () => {
  const { helloBytes } = offerHello(room);
  const answered = await answerHello(helloBytes, { room, certified: undefined, resumeKeys: [] });
  expect(answered).toEqual({ kind: 'refused', refusal: 'not-invited' });
});

it('a guest that somehow has nothing to go by accepts nobody', async () => {
  const { replyBytes, offer } = await answered();
  expect(() => acceptReply({ ...offer, bond: undefined }, replyBytes, 'bond')).toThrow('bond');
  expect(acceptReply(offer, replyBytes, 'bond').kind).toBe('accepted');
});

describe('an invitation is overwritten', () => {
  it('once the first session is in use', async () => {
    const { offer, sessions, answer } = await answered();
    const accepted = acceptReply(offer, answer.replyBytes, 'bond');
    if (accepted.kind === 'refused') throw new Error(accepted.refusal);
    const confirmed = confirmFinish(answer, accepted.finishing.finishBytes);
    if (confirmed.kind === 'refused') throw new Error(confirmed.refusal);
    const held = sessions.invitation();
    expect(held?.some((byte) => byte !== 0)).toBe(true);
    sessions.install(confirmed.session, undefined);
    expect(held).toEqual(new Uint8Array(32));
    expect(sessions.invitation()).toBeUndefined();
    expect(sessions.bond()?.by).toBe('resume-key');
  });

  it('when the keys are forgotten', () => {
    const sessions = createOpenSessions(undefined, aKey());
    const held = sessions.invitation();
    sessions.forget();
    expect(held).toEqual(new Uint8Array(32));
    expect(sessions.bond()).toBeUndefined();
  });

  it('is not even taken when there is a resume key', () =>
    expect(createOpenSessions(aKey(), aKey()).invitation()).toBeUndefined());
});

/** A guest's HELLO and the answer to it. */
async function answered() {
  const key = aKey();
  const sessions = createOpenSessions(undefined, key);
  const offer = offerHello(room, { by: 'invitation', key });
  const own = { room, certified: undefined, resumeKeys: [], invitation: key };
  const { helloBytes } = offer;
  const reply = await answerHello(helloBytes, own);
  if (reply.kind === 'refused') throw new Error(reply.refusal);
  return { offer, sessions, answer: reply.answer, replyBytes: reply.answer.replyBytes };
}

it('the page may overwrite an invitation that it has handed over', async () => {
  const invitation = aKey();
  const options = { role: 'guest-asking', room, now: () => clock.time } as const;
  const given = invitation.slice();
  const asking = await createChannel({ ...options, invitation: given });
  given.fill(0);
  const heard = await meet(asking, await aGuestWhoAnswers({ invitation }));
  expect(securedIn(heard.visitor).resumed).toBe(false);
});
