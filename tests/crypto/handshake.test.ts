import { describe, expect, it } from 'vitest';
import { readCertificate } from '#shared/crypto/certificate.ts';
import type { Channel } from '#shared/crypto/channel.ts';
import { LONGEST_MESSAGE } from '#shared/crypto/padding.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import {
  aCounsellor,
  aCounsellorKey,
  aGuestWhoAnswers,
  aGuestWhoAsks,
  aSecuredPair,
  aVisitor,
  carry,
  clock,
  NOW,
  openTexts,
  refusalsIn,
  room,
  securedIn,
  sealText
} from './two-parties.ts';

/** What somebody answers to these frames. */
async function through(channel: Channel, frames: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const answers: Uint8Array[] = [];
  for (const frame of frames) answers.push(...(await channel.receive(frame)).send);
  return answers;
}

describe('a handshake', () => {
  it('secures both sides with the same short code and resume key', async () => {
    const { visitorSecured, counsellorSecured, frames } = await aSecuredPair();
    expect(frames.map((frame) => [frame[0], frame.length])).toEqual([
      [1, 1394],
      [2, 1426],
      [3, 89],
      [4, 57]
    ]);
    expect(visitorSecured.shortCode).toMatch(/^\d{6}$/);
    expect(visitorSecured.shortCode).toBe(counsellorSecured.shortCode);
    expect(visitorSecured.resumeKey).toEqual(counsellorSecured.resumeKey);
    expect([visitorSecured.resumed, counsellorSecured.resumed]).toEqual([false, false]);
  });

  it('names the counsellor by the certified key', async () => {
    const { certificate, sign } = await aCounsellorKey();
    const [visitor, counsellor] = [await aVisitor(), await aCounsellor({ certificate, sign })];
    const heard = await carry(visitor, counsellor, 'visitor', await visitor.start());
    expect(securedIn(heard.visitor).peerKeyId).toEqual(readCertificate(certificate)?.keyId);
  });

  it('gives another code and other keys every time', async () => {
    const [one, other] = [await aSecuredPair(), await aSecuredPair()];
    expect(one.visitorSecured.resumeKey).not.toEqual(other.visitorSecured.resumeKey);
    expect(one.visitorSecured.peerKeyId).not.toEqual(other.visitorSecured.peerKeyId);
  });

  it('works with a signing key that WebCrypto holds and does not give away', async () => {
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('no pair');
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const { certificate } = await aCounsellorKey({ publicKey });
    const counsellor = await aCounsellor({
      certificate,
      sign: async (bytes) =>
        new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, bytes.slice()))
    });
    const visitor = await aVisitor();
    const heard = await carry(visitor, counsellor, 'visitor', await visitor.start());
    expect(securedIn(heard.visitor).shortCode).toBe(securedIn(heard.counsellor).shortCode);
  });

  it('carries messages both ways, and the last word', async () => {
    const { visitor, counsellor } = await aSecuredPair();
    expect(await openTexts(counsellor, await sealText(visitor, 'hi'))).toEqual(['hi']);
    expect(await openTexts(visitor, await sealText(counsellor, 'hello'))).toEqual(['hello']);
    const bye = await sealText(visitor, 'bye', true);
    expect(await openTexts(counsellor, bye)).toEqual(['bye [final]']);
    expect(await visitor.seal(new Uint8Array())).toMatchObject({ refusal: 'after-final' });
    expect(await openTexts(visitor, await sealText(counsellor, 'bye'))).toEqual(['bye']);
  });

  it('seals nothing before READY, on either side', async () => {
    const [visitor, counsellor] = [await aVisitor(), await aCounsellor()];
    const [hello = new Uint8Array()] = await visitor.start();
    expect(await visitor.seal(new Uint8Array())).toMatchObject({ refusal: 'not-secured' });
    const { send: reply } = await counsellor.receive(hello);
    expect(await counsellor.seal(new Uint8Array())).toMatchObject({ refusal: 'not-secured' });
    await visitor.receive(reply[0] ?? new Uint8Array());
    expect(await visitor.seal(new Uint8Array())).toMatchObject({ refusal: 'not-secured' });
  });

  it('refuses to seal what is too long', async () => {
    const { visitor } = await aSecuredPair();
    const sealed = await visitor.seal(new Uint8Array(LONGEST_MESSAGE + 1));
    expect(sealed).toEqual({ kind: 'refused', refusal: 'too-long' });
  });

  it('takes calls in order although signing takes time', async () => {
    const key = await aCounsellorKey();
    const sign = async (bytes: Uint8Array) => {
      await new Promise((done) => setTimeout(done, 20));
      return key.sign(bytes);
    };
    const counsellor = await aCounsellor({ certificate: key.certificate, sign });
    const visitor = await aVisitor();
    const [hello = new Uint8Array()] = await visitor.start();
    const [first, second] = await Promise.all([
      counsellor.receive(hello),
      counsellor.receive(Uint8Array.of(3))
    ]);
    expect(first.send).toHaveLength(1);
    expect(refusalsIn(second.events)).toEqual(['malformed']);
  });

  it('answers a repeated HELLO and a repeated FINISH the same', async () => {
    const [visitor, counsellor] = [await aVisitor(), await aCounsellor()];
    const [hello = new Uint8Array()] = await visitor.start();
    expect(await visitor.start()).toEqual([hello]);
    const { send: replies } = await counsellor.receive(hello);
    expect((await counsellor.receive(hello)).send).toEqual(replies);
    const { send: finishes } = await visitor.receive(replies[0] ?? hello);
    expect(await visitor.start()).toEqual(finishes);
    const { send: readies } = await counsellor.receive(finishes[0] ?? hello);
    expect((await counsellor.receive(finishes[0] ?? hello)).send).toEqual(readies);
    expect(securedIn((await visitor.receive(readies[0] ?? hello)).events).resumed).toBe(false);
  });

  it.each([
    ['a visitor and a counsellor', aVisitor, aCounsellor],
    ['two guests', aGuestWhoAsks, aGuestWhoAnswers]
  ])('of %s is not begun twice over a slow line', async (_, asks, answers) => {
    const bond = asks === aGuestWhoAsks ? { invitation: sodium.randombytes_buf(32) } : {};
    const [asking, answering] = [await asks(bond), await answers(bond)];
    expect(await answering.start()).toEqual([]);
    const hello = await asking.start();
    const replies = await through(answering, hello);
    // FINISH does not come: asked for again, with whatever that brings behind FINISH.
    const again = [...(await answering.start()), ...(await answering.start())];
    const finish = await through(asking, replies);
    clock.time += 5000;
    const behind = await through(asking, again);
    const ready = await through(answering, finish);
    const late = await Promise.all(behind.map((frame) => answering.receive(frame)));
    expect(late.flatMap(({ events }) => refusalsIn(events))).toEqual([]);
    await through(asking, ready);
    expect(await openTexts(answering, await sealText(asking, 'hi'))).toEqual(['hi']);
    expect(await openTexts(asking, await sealText(answering, 'hej'))).toEqual(['hej']);
  });

  it('is dead once it has forgotten its keys', async () => {
    const { visitor, counsellor } = await aSecuredPair();
    visitor.forget();
    expect(await visitor.seal(new Uint8Array())).toMatchObject({ refusal: 'channel-dead' });
    const late = await visitor.receive(await sealText(counsellor, 'late'));
    expect(refusalsIn(late.events)).toEqual(['channel-dead']);
    expect(await visitor.start()).toEqual([]);
  });

  it('is not made with a room, key or certificate of another length', async () => {
    await expect(aVisitor({ room: new Uint8Array(15) })).rejects.toThrow(RangeError);
    await expect(aVisitor({ resumeKey: new Uint8Array(31) })).rejects.toThrow(RangeError);
    await expect(aCounsellor({ certificate: new Uint8Array(3) })).rejects.toThrow(RangeError);
  });
});

describe('a certificate that is not good', () => {
  const cases: [string, () => Promise<{ certificate: Uint8Array; revoked?: string }>][] = [
    [
      'self-signed',
      async () => {
        const { pair } = await aCounsellorKey();
        const { publicKey, privateKey } = pair;
        return aCounsellorKey({ publicKey, organisationSecretKey: privateKey });
      }
    ],
    [
      'bad-signature',
      () => aCounsellorKey({ organisationSecretKey: sodium.crypto_sign_keypair().privateKey })
    ],
    ['expired', () => aCounsellorKey({ notBefore: NOW - 1000, expires: NOW - 1 })],
    ['not-yet-valid', () => aCounsellorKey({ notBefore: NOW + 1 })],
    ['wrong-role', () => aCounsellorKey({ role: 'lead' })],
    ['malformed-certificate', async () => ({ certificate: new Uint8Array(145) })],
    // Someone else's certificate: good in itself, but the signature is by another key.
    ['not-signed-by-certificate', () => aCounsellorKey()],
    [
      'revoked',
      async () => {
        const { certificate } = await aCounsellorKey();
        return { certificate, revoked: readCertificate(certificate)?.serial ?? '' };
      }
    ]
  ];

  it.each(cases)('is refused as %s and only HELLO was sent', async (refusal, make) => {
    clock.time = NOW;
    const { certificate, revoked = '' } = await make();
    const visitor = await aVisitor({ revokedSerials: [revoked] });
    const counsellor = await aCounsellor({ certificate });
    const heard = await carry(visitor, counsellor, 'visitor', await visitor.start());

    expect(heard.visitor).toEqual([{ kind: 'refused', refusal, fatal: true }]);
    expect(heard.counsellor).toEqual([]);
    expect(heard.frames.map((frame) => frame[0])).toEqual([1, 2]);
    expect(await visitor.seal(new Uint8Array())).toEqual({
      kind: 'refused',
      refusal: 'channel-dead'
    });
    expect(await visitor.start()).toEqual([]);
  });

  it('does not end a conversation that is already secured', async () => {
    const { visitor, counsellor } = await aSecuredPair();
    clock.time += 5000;
    const [hello = new Uint8Array()] = (await visitor.receive(Uint8Array.of(6))).send;
    const { publicKey, privateKey } = sodium.crypto_sign_keypair();
    const forged = await aCounsellorKey({ publicKey, organisationSecretKey: privateKey });
    const reply = await forgedReply(hello, forged.certificate);
    const received = await visitor.receive(reply);
    expect(received.events).toEqual([{ kind: 'refused', refusal: 'self-signed', fatal: false }]);
    expect(await openTexts(counsellor, await sealText(visitor, 'still here'))).toEqual([
      'still here'
    ]);
  });
});

/** A REPLY to this HELLO by a stranger: a counsellor without a resume key that does not look at auth. */
async function forgedReply(hello: Uint8Array, certificate: Uint8Array): Promise<Uint8Array> {
  const reply = new Uint8Array(1 + 1425);
  reply[0] = 2;
  const label = new TextEncoder().encode('hello');
  const body = hello.subarray(1);
  const length = (n: number) => [0, 0, n >> 8, n & 255];
  const fields = Uint8Array.of(...length(label.length), ...label, ...length(body.length), ...body);
  reply.set(sodium.crypto_generichash(32, fields, null), 1);
  reply.set(certificate, 1 + 32 + 1120 + 32 + 32);
  return reply;
}

it('is for one room', async () => {
  const counsellor = await aCounsellor({ room: sodium.randombytes_buf(16) });
  const visitor = await aVisitor({ room });
  const heard = await carry(visitor, counsellor, 'visitor', await visitor.start());
  expect(heard.counsellor).toEqual([{ kind: 'refused', refusal: 'wrong-room', fatal: false }]);
  expect(heard.visitor).toEqual([]);
});
