import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newEpochKey } from '#shared/crypto/blind-clip.ts';
import { checkManifest, signManifest } from '#shared/crypto/clip-manifest.ts';
import { createOrganisationKey, issueCertificate } from '#shared/crypto/certificate.ts';
import {
  askDecisionClip,
  giveBackClip,
  holdClip,
  issueCard,
  recordDecision,
  settleClip
} from '#shared/klippekort/calls.ts';
import { clipsLeft } from '#shared/klippekort/card.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import {
  AService,
  aDeviceWithCard,
  aDeviceWithPending,
  talk,
  young,
  type ADevice,
  type Conversation
} from './a-service.ts';

let service: AService;
beforeAll(async () => {
  service = await AService.start();
});
afterAll(() => service.stop());

type Sent = Record<string, string>;
const refused = (refusal: string) => ({ ok: false, refusal });
const text = (fill: number) => toBase64Url(new Uint8Array(32).fill(fill));
/** Another element: the base point of ristretto255 (RFC 9496, appendix A.1). */
const another = toBase64Url(
  new Uint8Array(
    Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex')
  )
);

/** What a device sends in a call, which then never leaves it. */
async function intercept(
  device: ADevice,
  name: string,
  act: () => Promise<unknown>
): Promise<Sent> {
  const before = device.request;
  let caught: Sent | undefined;
  device.request = (called, sent) => {
    if (called === name) caught = sent as Sent;
    return sent;
  };
  device.fault = (at) => {
    if (at === `after ${name}`) throw new Error('lost');
  };
  await act();
  device.request = before;
  device.fault = () => {};
  if (!caught) throw new Error(`${name} was not asked`);
  return caught;
}

/** A clip held for a conversation, with the request that did it. */
async function aHold() {
  const device = await aDeviceWithCard(service);
  const at = service.begin();
  const request = await intercept(device, holdClip.name, () => device.holder.present(at));
  return { device, at, request };
}

async function aSettle() {
  const hold = await aHold();
  service.becomes(hold.at, 'took-place');
  const { device } = hold;
  const settle = await intercept(device, settleClip.name, () => device.holder.settle());
  return { ...hold, settle };
}

describe('a clip used in a second conversation', () => {
  test('is spent, with the tag of its owner as well as with the old one', async () => {
    const device = await aDeviceWithCard(service);
    const copy = service.device(device.state);
    copy.list = async () => new Uint8Array();
    expect(await device.holder.present(service.begin())).toMatchObject({ ok: true });
    const second = service.begin();
    expect(await copy.holder.present(second)).toEqual(refused('spent'));
    expect(service.held.has(second.conversation)).toBe(false);

    const { request } = await aHold();
    const third = { ...request, capability: service.begin().capability };
    expect(await service.askRaw(holdClip.name, third)).toEqual(refused('wrong-tag'));
  });

  test('is spent with another blinded element, in the same conversation too', async () => {
    const device = await aDeviceWithCard(service);
    const copy = service.device(device.state);
    const at = service.begin();
    expect(await device.holder.present(at)).toMatchObject({ ok: true });
    expect(await copy.holder.present(at)).toEqual(refused('spent'));
    service.becomes(at, 'took-place');
    expect(await copy.holder.settle()).toEqual(refused('spent'));
    expect(copy.state.under).toBeNull();
    expect(await device.holder.settle()).toMatchObject({ ok: true });
  });

  test('is spent when the first gave it back', async () => {
    const device = await aDeviceWithCard(service);
    const copy = service.device(device.state);
    await talk(service, device, 'did-not');
    expect(await copy.holder.present(service.begin())).toEqual(refused('spent'));
  });

  test('is refused where the conversation has had one', async () => {
    const device = await aDeviceWithCard(service);
    const at = await talk(service, device);
    expect(await device.holder.present(at)).toEqual(refused('already'));
    await service.over(at);
    expect(await device.holder.resume()).toMatchObject({ value: { outcome: 'did-not' } });
    expect(clipsLeft(device.state)).toBe(3);
  });
});

describe('a hold or settle that is repeated', () => {
  test('is the same clip and one count', async () => {
    const { device, request, settle } = await aSettle();
    const before = (await service.clips.spent()).length;
    const again = await service.askRaw(settleClip.name, settle);
    expect(again).toMatchObject({ ok: true, value: { outcome: 'took-place' } });
    expect(await service.askRaw(settleClip.name, settle)).toEqual(again);
    expect((await service.clips.spent()).length).toBe(before);
    expect(await service.askRaw(holdClip.name, request)).toEqual(refused('spent'));
    expect(await device.holder.settle()).toMatchObject({ ok: true });
    expect(clipsLeft(device.state)).toBe(3);
  });

  test('evaluates the same element every time', async () => {
    const { device } = await aHold();
    const at = device.state.under?.conversation ?? '';
    service.outcomes.set(at, 'did-not');
    const settle = await intercept(device, settleClip.name, () => device.holder.settle());
    type Evaluated = { value: { evaluation: { evaluated: string[]; proof: string } } };
    const [one, other] = [
      (await service.askRaw(settleClip.name, settle)) as Evaluated,
      (await service.askRaw(settleClip.name, settle)) as Evaluated
    ];
    expect(one.value.evaluation.evaluated).toEqual(other.value.evaluation.evaluated);
    expect(one.value.evaluation.proof).not.toBe(other.value.evaluation.proof);
  });

  test('of a hold is accepted while the conversation is open', async () => {
    const { device, at, request } = await aHold();
    expect(await service.askRaw(holdClip.name, request)).toMatchObject({ ok: true });
    expect(await device.holder.present(at)).toMatchObject({ ok: true });
  });
});

describe('a settle', () => {
  test('before the outcome is open', async () => {
    const { device } = await aHold();
    expect(await device.holder.settle()).toEqual(refused('open'));
    expect(device.state.under?.step).toBe('held');
  });

  test('without a hold finds none', async () => {
    const device = await aDeviceWithCard(service);
    device.fault = (at) => {
      if (at === 'before klippekort:hold-clip') throw new Error('no line');
    };
    const at = service.begin();
    await device.holder.present(at);
    device.fault = () => {};
    service.becomes(at, 'took-place');
    expect(await device.holder.settle()).toEqual(refused('no-hold'));
    expect(device.state.under?.step).toBe('held');
  });

  test('for another conversation than the one held for is refused', async () => {
    const { settle } = await aSettle();
    const elsewhere = service.begin();
    service.becomes(elsewhere, 'did-not');
    const moved = { ...settle, conversation: elsewhere.conversation };
    expect(await service.askRaw(settleClip.name, moved)).toEqual(refused('wrong-tag'));
  });

  test('by the owner for a conversation that did not take place is refused', async () => {
    const { device } = await aHold();
    const elsewhere = service.begin();
    service.becomes(elsewhere, 'did-not');
    const { conversation } = elsewhere;
    const lying = JSON.parse(device.stored);
    lying.under.conversation = conversation;
    const liar = service.device(lying);
    expect(await liar.holder.settle()).toEqual(refused('no-hold'));
  });

  test('with the tag of the hold is refused', async () => {
    const { request, settle } = await aSettle();
    const swapped = { ...settle, tag: request.tag };
    expect(await service.askRaw(settleClip.name, swapped)).toEqual(refused('wrong-tag'));
  });
});

describe('the outcome', () => {
  test.each([
    ['took-place', 'did-not'],
    ['did-not', 'took-place']
  ] as const)('once it is %s, stays so when the conversation says %s', async (first, then) => {
    const { device, at } = await aHold();
    service.becomes(at, first);
    const settle = await intercept(device, settleClip.name, () => device.holder.settle());
    service.becomes(at, then);
    await service.over(at);
    expect(await service.askRaw(settleClip.name, settle)).toMatchObject({
      value: { outcome: first }
    });
    // A relay that was started again knows nothing of it any more.
    service.outcomes.set(at.conversation, 'open');
    expect(await service.askRaw(settleClip.name, settle)).toMatchObject({
      value: { outcome: first }
    });
  });

  test('gives one element of the two, and never the other', async () => {
    const { settle } = await aSettle();
    const swapped = {
      ...settle,
      blindedNext: settle.blindedRefund,
      blindedRefund: settle.blindedNext
    };
    expect(await service.askRaw(settleClip.name, swapped)).toEqual(refused('spent'));
    expect(await service.askRaw(giveBackClip.name, settle)).toEqual(refused('wrong-tag'));
  });

  test('of a conversation nobody settles is set when it is over, and its name is gone', async () => {
    const { device, at } = await aHold();
    await service.over(at);
    expect(await device.holder.settle()).toMatchObject({ value: { outcome: 'did-not' } });
  });
});

describe('a card', () => {
  async function aRequest(at: Conversation) {
    const device = service.device();
    const request = await intercept(device, issueCard.name, () =>
      device.holder.requestCard(at, 'young-under-18')
    );
    return { device, request };
  }

  test('before the conversation took place is not held', async () => {
    const at = service.begin();
    const { request } = await aRequest(at);
    expect(await service.askRaw(issueCard.name, request)).toEqual(refused('not-held'));
    service.becomes(at, 'did-not');
    expect(await service.askRaw(issueCard.name, request)).toEqual(refused('not-held'));
  });

  test('asked for again is the same; a second one from the conversation is refused', async () => {
    const at = service.begin();
    service.becomes(at, 'took-place');
    const { device, request } = await aRequest(at);
    expect(await service.askRaw(issueCard.name, request)).toMatchObject({ ok: true });
    const second = service.device();
    expect(await second.holder.requestCard(at, 'young-under-18')).toEqual(refused('already'));
    expect(second.state.under).toBeNull();
    device.reload();
    expect(await device.holder.requestCard(at, 'young-under-18')).toMatchObject({ ok: true });
    expect(clipsLeft(device.state)).toBe(4);
  });

  test('from a conversation that had a clip is refused', async () => {
    const device = await aDeviceWithCard(service);
    const at = await talk(service, device);
    const second = service.device();
    expect(await second.holder.requestCard(at, 'young-under-18')).toEqual(refused('already'));
  });

  test('gives no clip to hold in its own conversation', async () => {
    const device = service.device();
    const at = service.begin();
    service.becomes(at, 'took-place');
    await device.holder.requestCard(at, 'young-under-18');
    expect(await device.holder.present(at)).toEqual(refused('already'));
  });

  test('of more clips, of another year, or with the counsellor’s right is refused', async () => {
    const at = service.begin();
    service.becomes(at, 'took-place');
    const { request } = await aRequest(service.begin());
    const own = { ...request, capability: at.capability };
    const ask = (change: object) => service.askRaw(issueCard.name, { ...own, ...change });
    expect(await ask({ ordinary: [another, another, another, another] })).toEqual(
      refused('wrong-count')
    );
    expect(await ask({ epoch: 2027 })).toEqual(refused('wrong-epoch'));
    expect(await ask({ epoch: 2024 })).toEqual(refused('wrong-epoch'));
    expect(await ask({ capability: at.counsellor })).toEqual(refused('unknown-capability'));
    const forged = `${at.capability.slice(0, -4)}AAAA`;
    expect(await ask({ capability: forged })).toEqual(refused('unknown-capability'));
  });
});

describe('a changed', () => {
  test.each([
    ['stage', { stage: 'fifth' }, 'wrong-tag'],
    ['stage that opens nothing', { stage: 'decision-stop' }, 'wrong-stage'],
    ['holder', { holder: 'young-18-24' }, 'wrong-holder'],
    ['epoch', { epoch: 2025 }, 'wrong-epoch'],
    ['epoch to come', { epoch: 2027 }, 'wrong-epoch'],
    ['tag', { tag: text(1) }, 'wrong-tag'],
    ['nonce', { nonce: text(1) }, 'wrong-tag'],
    ['next element', { blindedNext: another }, 'wrong-tag'],
    ['element to come back', { blindedRefund: another }, 'wrong-tag']
  ])('%s is refused', async (_, change, refusal) => {
    const device = await aDeviceWithCard(service);
    device.request = (name, sent) => (name === holdClip.name ? { ...sent, ...change } : sent);
    const before = (await service.clips.spent()).length;
    expect(await device.holder.present(service.begin())).toEqual(refused(refusal));
    expect((await service.clips.spent()).length).toBe(before);
  });

  test('conversation is refused', async () => {
    const device = await aDeviceWithCard(service);
    const thief = service.begin();
    device.request = (_, sent) => ({ ...sent, capability: thief.capability });
    expect(await device.holder.present(service.begin())).toEqual(refused('wrong-tag'));
  });

  test('field that nobody asked for is refused at the door', async () => {
    const { request } = await aHold();
    const more = { ...request, info: text(1) };
    expect(await service.askRaw(holdClip.name, more)).toEqual(refused('malformed-request'));
  });

  test('tag cannot be guessed for long', async () => {
    const { request } = await aHold();
    const at = service.begin();
    const guess = (fill: number) =>
      service.askRaw(holdClip.name, { ...request, capability: at.capability, tag: text(fill) });
    const answers = await Promise.all([0, 4, 8, 12, 16, 20, 24].map(guess));
    expect(answers.filter((answer) => !answer.ok && answer.refusal === 'wrong-tag').length).toBe(5);
    expect(answers.at(-1)).toEqual(refused('too-many-guesses'));
  });

  test('tag cannot be guessed from outside a conversation either', async () => {
    const own = await AService.start();
    const device = await aDeviceWithCard(own);
    const at = own.begin();
    device.fault = (where) => {
      if (where === 'before klippekort:hold-clip') throw new Error('no line');
    };
    await device.holder.present(at);
    device.fault = () => {};
    const request = await intercept(device, giveBackClip.name, () => device.holder.resume());
    const guess = { ...request, nonce: text(4), tag: text(8) };
    const refusals = [];
    for (let turn = 0; turn < 40; turn += 1) {
      const answer = await own.askRaw(giveBackClip.name, guess);
      refusals.push(answer.ok ? 'ok' : answer.refusal);
    }
    expect(refusals.filter((refusal) => refusal === 'wrong-tag').length).toBeLessThanOrEqual(30);
    expect(refusals.at(-1)).toBe('too-many-guesses');
    own.now += 3000;
    expect(await own.askRaw(giveBackClip.name, guess)).toEqual(refused('wrong-tag'));
    await own.stop();
  });
});

describe('an element that is none', () => {
  const elements = {
    identity: text(0),
    'not canonical': text(255),
    negative: toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)))
  };
  test.each(Object.entries(elements))('%s is refused by name', async (_, element) => {
    const device = await aDeviceWithCard(service);
    for (const field of ['blindedNext', 'blindedRefund']) {
      device.request = (name, sent) =>
        name === holdClip.name ? { ...sent, [field]: element } : sent;
      expect(await device.holder.present(service.begin())).toMatchObject({ ok: false });
    }
    const { request } = await aHold();
    const changed = { ...request, blindedNext: element };
    expect(await service.askRaw(holdClip.name, changed)).toEqual(refused('malformed-element'));

    const at = service.begin();
    service.becomes(at, 'took-place');
    const fields = { capability: at.capability, epoch: 2026 };
    const cards = [
      { ...fields, ordinary: [another, another, element], fifth: another },
      { ...fields, ordinary: [another, another, another], fifth: element }
    ];
    for (const card of cards)
      expect(await service.askRaw(issueCard.name, card)).toEqual(refused('malformed-element'));
  });

  test.each(['', 'AAAA', text(2).slice(1), `${text(2)}A`, `${text(2).slice(0, -1)}B`])(
    'of the wrong length or spelling (%s) is refused at the door',
    async (element) => {
      const { request } = await aHold();
      const changed = { ...request, blindedNext: element };
      expect(await service.askRaw(holdClip.name, changed)).toEqual(refused('malformed-request'));
    }
  );
});

describe('a hundred holds of one clip at once', () => {
  test('one wins', async () => {
    const device = await aDeviceWithCard(service);
    const { stored } = device;
    const copies = Array.from({ length: 100 }, () => service.device(JSON.parse(stored)));
    for (const copy of copies) copy.list = async () => new Uint8Array();
    const before = (await service.clips.spent()).length;
    const answers = await Promise.all(copies.map(({ holder }) => holder.present(service.begin())));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((one) => !one.ok && one.refusal === 'spent')).toHaveLength(99);
    expect((await service.clips.spent()).length).toBe(before + 1);
  }, 60_000);
});

describe('the device refuses, and loses nothing,', () => {
  /** A device in the middle of a settle, whose answer is changed on the way. */
  async function settling() {
    const device = await aDeviceWithCard(service);
    const at = service.begin();
    await device.holder.present(at);
    service.becomes(at, 'did-not');
    return device;
  }
  async function expectNothingLost(device: ADevice): Promise<void> {
    device.answer = (_, answer) => answer;
    expect(await device.holder.settle()).toMatchObject({ value: { outcome: 'did-not' } });
    expect(clipsLeft(device.state)).toBe(4);
  }

  test('a bad proof', async () => {
    const device = await settling();
    const { stored } = device;
    device.answer = (_, answer) => {
      const changed = structuredClone(answer) as { value: { evaluation: { proof: string } } };
      changed.value.evaluation.proof = toBase64Url(new Uint8Array(64).fill(1));
      return changed;
    };
    expect(await device.holder.settle()).toEqual(refused('bad-proof'));
    expect(device.stored).toBe(stored);
    await expectNothingLost(device);
  });

  test('no evaluation, an element of somebody else, or an outcome that cannot be', async () => {
    const device = await settling();
    const changes = [
      (value: { evaluation: unknown }) => (value.evaluation = null),
      (value: { evaluation: { evaluated: string[] } }) => (value.evaluation.evaluated = [another]),
      (value: { evaluation: { evaluated: string[] } }) => (value.evaluation.evaluated = []),
      (value: { outcome: string }) => (value.outcome = 'inform')
    ] as ((value: unknown) => unknown)[];
    for (const change of changes) {
      device.answer = (_, answer) => {
        const changed = structuredClone(answer);
        change((changed as { value: unknown }).value);
        return changed;
      };
      expect(await device.holder.settle()).toEqual(refused('bad-proof'));
    }
    await expectNothingLost(device);
  });

  test('a key of its own, though the organisation signed both', async () => {
    const device = await settling();
    const { keys } = device;
    device.keys = () => [{ epoch: 2026, publicKey: newEpochKey().publicKey }];
    expect(await device.holder.settle()).toEqual(refused('other-key'));
    device.keys = keys;
    await expectNothingLost(device);
  });

  test('a year that no signed key is of', async () => {
    const device = await settling();
    const { keys } = device;
    device.keys = () => [{ epoch: 2027, publicKey: newEpochKey().publicKey }];
    expect(await device.holder.settle()).toEqual(refused('no-key'));
    device.keys = keys;
    await expectNothingLost(device);
  });

  test('to ask for a card under a key that is not signed', async () => {
    const organisation = await createOrganisationKey();
    const own = await createOrganisationKey();
    const { keys } = service;
    const trust = {
      organisationKey: organisation.publicKey,
      service: 'frirum',
      now: service.now
    };
    const { secretKey, publicKey } = own;
    const vouchedBy = async (root: typeof own) => ({
      secretKey,
      certificate: await issueCertificate({
        organisationSecretKey: root.secretKey,
        role: 'service',
        publicKey,
        notBefore: service.now
      })
    });
    const byOrganisation = await vouchedBy(organisation);
    const honest = checkManifest(signManifest(byOrganisation, 'frirum', keys), trust);
    expect(honest.kind).toBe('valid');
    const forged = checkManifest(signManifest(await vouchedBy(own), 'frirum', keys), trust);
    expect(forged).toEqual({ kind: 'refused', refusal: 'bad-signature' });
    const device = service.device();
    device.keys = () => (forged.kind === 'valid' ? forged.keys : []);
    const at = service.begin();
    service.becomes(at, 'took-place');
    expect(await device.holder.requestCard(at, 'young-under-18')).toEqual(refused('no-key'));
    expect(service.traffic.some(({ text }) => text.includes(at.capability))).toBe(false);
  });

  test('a card made with another key than the signed one', async () => {
    const device = service.device();
    const own = { epoch: 2026, publicKey: newEpochKey().publicKey };
    device.keys = () => [own];
    const at = service.begin();
    service.becomes(at, 'took-place');
    expect(await device.holder.requestCard(at, 'young-under-18')).toEqual(refused('bad-proof'));
    expect(device.state.card).toBeNull();
  });
});

describe('the decision clip', () => {
  test('is refused without a recorded decision', async () => {
    const { device, last } = await aDeviceWithPending(service);
    expect(await device.holder.decide(last)).toEqual(refused('no-decision'));
    const { capability } = last;
    await service.ask(recordDecision, { capability, decision: 'inform' });
    expect(await device.holder.decide(last)).toEqual(refused('no-decision'));
    await service.ask(recordDecision, { capability: last.counsellor, decision: 'stop' });
    expect(await device.holder.decide(last)).toEqual(refused('no-decision'));
    await service.ask(recordDecision, { capability: last.counsellor, decision: 'inform' });
    expect(await device.holder.decide(last)).toMatchObject({ value: { outcome: 'inform' } });
  });

  test('is refused for any clip but a pending one', async () => {
    const { request } = await aHold();
    expect(await service.askRaw(askDecisionClip.name, request)).toEqual(refused('wrong-stage'));
  });

  test('is given once for a decision', async () => {
    const one = await aDeviceWithPending(service);
    const other = await aDeviceWithPending(service);
    await service.bothDecide(one.last, 'involve');
    expect(await one.device.holder.decide(one.last)).toMatchObject({ ok: true });
    expect(await other.device.holder.decide(one.last)).toEqual(refused('already'));
    await service.over(one.last);
    expect(await other.device.holder.resume()).toMatchObject({ value: { outcome: 'did-not' } });
  });

  test('is the same when it is asked for again', async () => {
    const { device, last } = await aDeviceWithPending(service);
    await service.bothDecide(last, 'stop');
    await intercept(device, askDecisionClip.name, () => device.holder.decide(last));
    device.reload();
    expect(await device.holder.decide(last)).toMatchObject({ value: { outcome: 'stop' } });
    expect(device.state.card?.clips).toHaveLength(1);
  });

  test('of something else, after both agreed, is refused', async () => {
    const at = service.begin();
    const { capability, counsellor } = at;
    const say = (who: string, decision: 'stop' | 'inform') =>
      service.ask(recordDecision, { capability: who, decision });
    expect(await say(capability, 'stop')).toEqual(refused('not-held'));
    service.becomes(at, 'took-place');
    expect(await say(capability, 'stop')).toEqual({ ok: true, value: { agreed: false } });
    expect(await say(counsellor, 'stop')).toEqual({ ok: true, value: { agreed: true } });
    expect(await say(counsellor, 'stop')).toEqual({ ok: true, value: { agreed: true } });
    expect(await say(counsellor, 'inform')).toEqual(refused('already'));
  });

  test('that is none of the holder’s is refused', async () => {
    const grown = service.begin({ ...young, age: '18-24' });
    service.becomes(grown, 'took-place');
    const { capability } = grown;
    for (const decision of ['inform', 'involve'] as const)
      expect(await service.ask(recordDecision, { capability, decision })).toEqual(
        refused('wrong-decision')
      );
  });
});
