import { beforeEach, describe, expect, it } from 'vitest';
import { writeFields } from '#shared/crypto/fields.ts';
import { helloBeforeAuth, helloLayout } from '#shared/crypto/handshake-frames.ts';
import { continuityMac } from '#shared/crypto/key-schedule.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import { offerHello } from '#shared/crypto/visitor-handshake.ts';
import { aKey, anInvitedPair, meet, pairKinds } from './invited-pair.ts';
import {
  aVisitor,
  carry,
  clock,
  NOW,
  openTexts,
  refusalsIn,
  room,
  sealText,
  securedIn
} from './two-parties.ts';

const restart = Uint8Array.of(6);

beforeEach(() => {
  clock.time = NOW;
});

describe.each(pairKinds)('%s', (_name, { asks, answers }) => {
  const secured = () => anInvitedPair({ asks, answers });

  it('are secured by the same invitation, and write both ways', async () => {
    const { asking, answering, asker, answerer, frames } = await secured();
    expect(frames.map((frame) => [frame[0], frame.length])).toEqual([
      [1, 1394],
      [2, 1426],
      [3, 89],
      [4, 57]
    ]);
    expect(asker.shortCode).toBe(answerer.shortCode);
    expect(asker.resumeKey).toEqual(answerer.resumeKey);
    expect([asker.resumed, answerer.resumed]).toEqual([false, false]);
    expect(await openTexts(answering, await sealText(asking, 'hi'))).toEqual(['hi']);
    expect(await openTexts(asking, await sealText(answering, 'hej', true))).toEqual([
      'hej [final]'
    ]);
  });

  it('name each other by 16 bytes that are new in every pair', async () => {
    const [one, other] = [await secured(), await secured()];
    const ids = [one, other].flatMap(({ asker, answerer }) => [
      asker.peerKeyId,
      answerer.peerKeyId
    ]);
    expect(ids.every((id) => id.length === 16)).toBe(true);
    expect(new Set(ids.map(String)).size).toBe(4);
  });

  it.each([
    // A page of ours cannot be a guest without one: who has none says what a visitor says.
    ['without an invitation', () => aVisitor()],
    ['with another invitation', () => asks({ invitation: aKey() })]
  ])('somebody %s is not invited', async (_who, aStranger) => {
    const stranger = await aStranger();
    const answering = await answers({ invitation: aKey() });
    const heard = await meet(stranger, answering);
    expect(refusalsIn(heard.counsellor)).toEqual(['not-invited']);
    expect(heard.frames).toHaveLength(1);
    expect((await answering.seal(new Uint8Array())).kind).toBe('refused');
    expect((await stranger.seal(new Uint8Array())).kind).toBe('refused');
  });

  it('a stranger that is refused takes nothing from the one who was invited', async () => {
    const invitation = aKey();
    const answering = await answers({ invitation });
    await meet(await asks({ invitation: aKey() }), answering);
    const asking = await asks({ invitation });
    const heard = await meet(asking, answering);
    expect(securedIn(heard.visitor).shortCode).toBe(securedIn(heard.counsellor).shortCode);
  });

  it('an invitation does not open another room', async () => {
    const invitation = aKey();
    const [one, other] = [sodium.randombytes_buf(16), sodium.randombytes_buf(16)];
    const asking = await asks({ invitation, room: one });
    const answering = await answers({ invitation, room: other });
    const [hello = restart] = await asking.start();
    expect(refusalsIn((await answering.receive(hello)).events)).toEqual(['wrong-room']);
    // Nor when the relay writes the other room's name into it.
    const moved = hello.slice();
    moved.set(other, 2);
    expect(refusalsIn((await answering.receive(moved)).events)).toEqual(['not-invited']);
  });

  it('a HELLO of another pair, replayed, is refused', async () => {
    const { frames } = await secured();
    const answering = await answers({ invitation: aKey() });
    const { events, send } = await answering.receive(frames[0] ?? restart);
    expect(send).toEqual([]);
    expect(refusalsIn(events)).toEqual(['not-invited']);
  });

  it('a HELLO that is replayed after its sender has gone leads to no session', async () => {
    const invitation = aKey();
    const [gone, answering] = [await asks({ invitation }), await answers({ invitation })];
    const [hello = restart] = await gone.start();
    const [reply = restart] = (await answering.receive(hello)).send;
    expect(reply[0]).toBe(2);
    const server = await asks({ invitation: aKey() });
    await server.start();
    expect(refusalsIn((await server.receive(reply)).events)).toEqual(['other-hello']);
    expect((await answering.seal(new Uint8Array())).kind).toBe('refused');
  });

  it('the invitation is worth nothing once the pair is secured', async () => {
    const { asking, answering, invitation, frames } = await secured();
    const second = await asks({ invitation });
    const heard = await meet(second, answering);
    expect(refusalsIn(heard.counsellor)).toEqual(['not-the-same-visitor']);
    const replayed = await answering.receive(frames[0] ?? restart);
    expect(refusalsIn(replayed.events)).toEqual(['not-the-same-visitor']);
    expect(await openTexts(answering, await sealText(asking, 'still'))).toEqual(['still']);
  });

  describe.each([
    ['without the invitation', false],
    ['with the invitation as well', true]
  ])('reload %s', (_how, keepsInvitation) => {
    const kept = (resumeKey: Uint8Array, invitation: Uint8Array) =>
      keepsInvitation ? { resumeKey, invitation } : { resumeKey };

    it('and the one who asks continues', async () => {
      const { answering, asker, invitation } = await secured();
      const asking = await asks(kept(asker.resumeKey, invitation));
      const heard = await meet(asking, answering);
      expect(securedIn(heard.visitor).resumed).toBe(true);
      expect(securedIn(heard.counsellor).resumed).toBe(true);
      expect(await openTexts(answering, await sealText(asking, 'back'))).toEqual(['back']);
    });

    it('and the one who answers continues', async () => {
      const { asking, answerer, invitation } = await secured();
      clock.time += 5000;
      const answering = await answers(kept(answerer.resumeKey, invitation));
      const heard = await carry(asking, answering, 'counsellor', await answering.start());
      expect(securedIn(heard.visitor).resumed).toBe(true);
      expect(await openTexts(asking, await sealText(answering, 'back'))).toEqual(['back']);
    });

    it('and both continue', async () => {
      const { asker, answerer, invitation } = await secured();
      const asking = await asks(kept(asker.resumeKey, invitation));
      const answering = await answers(kept(answerer.resumeKey, invitation));
      const heard = await meet(asking, answering);
      expect(securedIn(heard.visitor).resumeKey).toEqual(securedIn(heard.counsellor).resumeKey);
    });
  });

  it('nobody continues with another key, nor with the invitation instead', async () => {
    const { answerer, invitation } = await secured();
    for (const change of [{ resumeKey: aKey() }, { invitation }]) {
      const answering = await answers({ resumeKey: answerer.resumeKey, invitation });
      const heard = await meet(await asks(change), answering);
      expect(refusalsIn(heard.counsellor)).toEqual(['not-the-same-visitor']);
    }
  });

  it('a HELLO that continues and is bound to an invitation as well is refused', async () => {
    const { answering, asker } = await secured();
    const { hello } = offerHello(room);
    const fields = { ...hello, bind: aKey() };
    const auth = continuityMac(asker.resumeKey, helloBeforeAuth(fields));
    const both = Uint8Array.of(1, ...writeFields(helloLayout, { ...fields, auth }));
    expect(refusalsIn((await answering.receive(both)).events)).toEqual(['malformed']);
  });

  it('somebody who continues finds an answer that does not know them', async () => {
    const { asker } = await secured();
    const answering = await answers({ invitation: aKey() });
    const heard = await meet(await asks({ resumeKey: asker.resumeKey }), answering);
    expect(refusalsIn(heard.counsellor)).toEqual(['cannot-resume']);
  });

  it('messages of 0 to 255 bytes have one length on the wire', async () => {
    const { asking, answering } = await secured();
    const lengths = new Set<number>();
    for (let n = 0; n < 256; n += 1)
      for (const end of [asking, answering])
        lengths.add((await sealText(end, 'x'.repeat(n))).length);
    expect([...lengths]).toEqual([1 + 8 + 8 + 17 + 256]);
  });
});
