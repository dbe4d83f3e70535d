import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCertificate } from '#shared/crypto/certificate.ts';
import { digest } from '#shared/crypto/digest.ts';
import { layoutBytes, readFields, writeFields } from '#shared/crypto/fields.ts';
import {
  finishLayout,
  helloLayout,
  NO_CERTIFICATE,
  readyLayout,
  replyLayout,
  signedReply
} from '#shared/crypto/handshake-frames.ts';
import { deriveKeys, finishMac, readyMac, transcript } from '#shared/crypto/key-schedule.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import {
  aKey,
  anInvitedPair,
  meet,
  newcomerAndCounsellor,
  pairKinds,
  twoGuests,
  type PairKind
} from './invited-pair.ts';
import {
  aCounsellor,
  aCounsellorKey,
  aGuestWhoAnswers,
  aGuestWhoAsks,
  aVisitor,
  carry,
  clock,
  flipBit,
  openTexts,
  refusalsIn,
  replaceAt,
  sealText,
  securedIn
} from './two-parties.ts';

const nothing = new Uint8Array();
const lengths = [helloLayout, replyLayout, finishLayout, readyLayout].map(layoutBytes);

/** A handshake of two who share an invitation, through a relay that changes every frame of one kind. */
async function expectRefused(
  { asks, answers }: PairKind,
  kind: number,
  change: (frame: Uint8Array) => Uint8Array
) {
  const invitation = aKey();
  const [asking, answering] = [await asks({ invitation }), await answers({ invitation })];
  const alter = (frame: Uint8Array) => (frame[0] === kind ? change(frame) : frame);
  const heard = await carry(asking, answering, 'visitor', await asking.start(), alter);
  expect(refusalsIn([...heard.visitor, ...heard.counsellor]).length).toBeGreaterThan(0);
  expect(heard.visitor.some((event) => event.kind === 'secured')).toBe(false);
  expect((await asking.seal(nothing)).kind).toBe('refused');
  // Only a changed READY is noticed after the one who answers is done.
  expect((await answering.seal(nothing)).kind).toBe(kind === 4 ? 'sealed' : 'refused');
}

describe.each(pairKinds)('%s', (_name, pair) => {
  it.each([1, 2, 3, 4])(
    'frame %i with one bit of any byte flipped is refused',
    { timeout: 120_000 },
    async (kind) => {
      for (let byte = 1; byte <= (lengths[kind - 1] ?? 0); byte += 1)
        await expectRefused(pair, kind, (frame) => flipBit(frame, byte * 8 + (byte % 8)));
    }
  );

  it('any frame changed anywhere, by any bytes, is refused', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        async (kind, at, part) => {
          await expectRefused(pair, kind, (frame) => {
            const offset = 1 + (at % (frame.length - part.length));
            const changed = replaceAt(frame, offset, part);
            return String(changed) === String(frame) ? flipBit(frame, 8) : changed;
          });
        }
      ),
      { numRuns: 100 }
    ));

  it('every frame of another pair, as a whole, is refused', async () => {
    const { frames } = await anInvitedPair(pair);
    for (const kind of [1, 2, 3, 4])
      await expectRefused(pair, kind, () => frames[kind - 1] ?? nothing);
  });
});

describe('the server poses as the one who was invited to answer', () => {
  /** REPLY of somebody who can do everything but know the invitation, and READY to what comes of it. */
  function pose(hello: Uint8Array, guess?: Uint8Array) {
    const fields = readFields(helloLayout, hello.subarray(1));
    if (!fields) throw new Error('not a HELLO');
    const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc(fields.publicKey);
    const session = sodium.crypto_sign_keypair();
    const unsigned = {
      hello: digest('hello', hello.subarray(1)),
      ciphertext,
      sid: session.publicKey,
      nonce: sodium.randombytes_buf(32),
      certificate: NO_CERTIFICATE
    };
    const signed = signedReply('session', fields, unsigned);
    const signature = sodium.crypto_sign_detached(signed, session.privateKey);
    const reply = { ...unsigned, signature };
    const th = transcript(reply);
    const keys = deriveKeys(sharedSecret, th, guess && { by: 'invitation', key: guess });
    const header = sodium.randombytes_buf(24);
    return {
      reply: Uint8Array.of(2, ...writeFields(replyLayout, reply)),
      opens: (finish: Uint8Array) => {
        const { header: theirs, reveal, mac } = readFields(finishLayout, finish.subarray(1)) ?? {};
        if (!theirs || !reveal || !mac) throw new Error('not a FINISH');
        return String(finishMac(keys.confirmVisitor, th, theirs, reveal)) === String(mac);
      },
      readyTo: (finish: Uint8Array) => {
        const mac = readyMac(keys.confirmCounsellor, th, finish.subarray(1), header);
        return Uint8Array.of(4, ...writeFields(readyLayout, { header, mac }));
      }
    };
  }

  it.each([
    ['without a key', undefined],
    ['with a key of its own', aKey()]
  ])('%s, and nothing is sealed for it', async (_how, guess) => {
    const asking = await aGuestWhoAsks({ invitation: aKey() });
    const [hello = nothing] = await asking.start();
    const server = pose(hello, guess);
    const [finish = nothing] = (await asking.receive(server.reply)).send;
    expect(server.opens(finish)).toBe(false);
    const { events } = await asking.receive(server.readyTo(finish));
    expect(events).toEqual([{ kind: 'refused', refusal: 'bad-confirmation', fatal: false }]);
    expect(await asking.seal(nothing)).toMatchObject({ refusal: 'not-secured' });
  });

  it('and the same server with the invitation would be let in: the test can fail', async () => {
    const invitation = aKey();
    const asking = await aGuestWhoAsks({ invitation });
    const [hello = nothing] = await asking.start();
    const server = pose(hello, invitation);
    const [finish = nothing] = (await asking.receive(server.reply)).send;
    expect(server.opens(finish)).toBe(true);
    expect(securedIn((await asking.receive(server.readyTo(finish))).events).resumed).toBe(false);
  });

  it('and the true one is met once the server lets a RESTART through', async () => {
    const invitation = aKey();
    const asking = await aGuestWhoAsks({ invitation });
    const answering = await aGuestWhoAnswers({ invitation });
    const [hello = nothing] = await asking.start();
    await asking.receive(pose(hello).reply);
    clock.time += 5000;
    const { send } = await asking.receive(Uint8Array.of(6));
    const heard = await carry(asking, answering, 'visitor', send);
    expect(securedIn(heard.visitor).shortCode).toBe(securedIn(heard.counsellor).shortCode);
  });
});

describe('a REPLY swapped between roles', () => {
  /** Who asks in one role, and who answers in another; both know the same invitation. */
  async function answeredBy(
    asks: PairKind['asks'],
    answers: PairKind['answers']
  ): Promise<string[]> {
    const invitation = aKey();
    const [asking, answering] = [await asks({ invitation }), await answers({ invitation })];
    const heard = await meet(asking, answering);
    expect(heard.frames.map((frame) => frame[0])).toEqual([1, 2]);
    expect((await asking.seal(nothing)).kind).toBe('refused');
    return refusalsIn(heard.visitor);
  }

  it('a guest is no counsellor: zeros are no certificate', async () =>
    expect(await answeredBy(aVisitor, aGuestWhoAnswers)).toEqual(['malformed-certificate']));

  it('a counsellor is no guest', async () =>
    expect(await answeredBy(aGuestWhoAsks, aCounsellor)).toEqual(['unexpected-certificate']));

  it('a counsellor who leaves the certificate out is no guest', async () => {
    const { sign } = await aCounsellorKey();
    const bare: PairKind['answers'] = (change) =>
      aCounsellor({ ...change, sign, certificate: NO_CERTIFICATE });
    expect(await answeredBy(aGuestWhoAsks, bare)).toEqual(['not-signed-by-session']);
  });

  it('a signature for the one role is none for the other', async () => {
    const bytes = sodium.randombytes_buf(layoutBytes(helloLayout));
    const hello = readFields(helloLayout, bytes);
    const reply = readFields(replyLayout, sodium.randombytes_buf(layoutBytes(replyLayout)));
    if (!hello || !reply) throw new Error('not read');
    expect(signedReply('certificate', hello, reply)).not.toEqual(
      signedReply('session', hello, reply)
    );
  });
});

describe('an invitation does not stand in for a certificate', () => {
  const certificates: [string, () => ReturnType<typeof aCounsellorKey>][] = [
    ['wrong-role', () => aCounsellorKey({ role: 'lead' })],
    [
      'bad-signature',
      () => aCounsellorKey({ organisationSecretKey: sodium.crypto_sign_keypair().privateKey })
    ],
    ['expired', () => aCounsellorKey({ notBefore: clock.time - 2, expires: clock.time - 1 })]
  ];

  it.each(certificates)('%s', async (refusal, make) => {
    const [invitation, { certificate, sign }] = [aKey(), await make()];
    const asking = await aVisitor({ invitation });
    const heard = await meet(asking, await aCounsellor({ invitation, certificate, sign }));
    expect(heard.visitor).toEqual([{ kind: 'refused', refusal, fatal: true }]);
    expect((await asking.seal(nothing)).kind).toBe('refused');
  });

  it('and the newcomer is told whose certificate it was', async () => {
    const [invitation, { certificate, sign }] = [aKey(), await aCounsellorKey()];
    const asking = await aVisitor({ invitation });
    const heard = await meet(asking, await aCounsellor({ invitation, certificate, sign }));
    const { keyId, serial, role } = readCertificate(certificate) ?? {};
    expect(securedIn(heard.visitor).certificate).toEqual({ keyId, serial, role });
    expect(securedIn(heard.visitor).peerKeyId).toEqual(keyId);
    expect(securedIn(heard.counsellor).certificate).toBeUndefined();
  });
});

describe('somebody who was removed, or came late', () => {
  it('holds no key to a pair that was made without them', async () => {
    const removed = await anInvitedPair(twoGuests);
    const next = await anInvitedPair(twoGuests, { room: sodium.randombytes_buf(16) });
    const said = await sealText(next.asking, 'between the others');
    for (const old of [removed.asking, removed.answering])
      expect(await openTexts(old, ...next.frames, said)).not.toContain('between the others');
    expect(await openTexts(removed.answering, said)).toEqual(['unknown-session']);
    expect(await openTexts(next.answering, said)).toEqual(['between the others']);
  });

  it.each(pairKinds)('is not let into the new one of %s with the old keys', async (_name, pair) => {
    const removed = await anInvitedPair(pair);
    const elsewhere = sodium.randombytes_buf(16);
    const answering = await pair.answers({ invitation: aKey(), room: elsewhere });
    const { invitation, asker } = removed;
    const again = await meet(await pair.asks({ invitation, room: elsewhere }), answering);
    expect(refusalsIn(again.counsellor)).toEqual(['not-invited']);
    const { resumeKey } = asker;
    const resumed = await meet(await pair.asks({ resumeKey, room: elsewhere }), answering);
    expect(refusalsIn(resumed.counsellor)).toEqual(['cannot-resume']);
  });

  it('opens nothing of what the others had said before', async () => {
    const before = await anInvitedPair(newcomerAndCounsellor);
    const said = await sealText(before.answering, 'before you came');
    const late = await anInvitedPair(newcomerAndCounsellor);
    expect(await openTexts(late.asking, said)).toEqual(['unknown-session']);
    expect(await openTexts(before.asking, said)).toEqual(['before you came']);
  });
});
