// What two nodes of one house are asked in a day, each half of it at another node.
import { randomBytes, randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import {
  book,
  bookingWeekPath,
  moveBooking,
  seeBooking,
  type Week
} from '#shared/booking/calls.ts';
import {
  answerMessage,
  leaveMessage,
  lookForAnswer,
  readMessage,
  waitingMessages
} from '#shared/booking/message-calls.ts';
import { readWeek } from '#shared/booking/week.ts';
import { attach, endConversation, reportTookPlace } from '#shared/conversation/calls.ts';
import { inviteToTeam, listTeam } from '#shared/counsellor/team-calls.ts';
import { checkManifest } from '#shared/crypto/clip-manifest.ts';
import { createClipWork } from '#shared/crypto/clip-work.ts';
import { codeName, messageId } from '#shared/crypto/message-code.ts';
import { newNoteIdentity, openNote, sealNote } from '#shared/crypto/sealed-note.ts';
import { clipsLeft } from '#shared/klippekort/card.ts';
import { CardHolder } from '#shared/klippekort/card-holder.ts';
import { defaultRule } from '#shared/klippekort/rule.ts';
import { clipKeysPath, service, spentListPath } from '#shared/klippekort/service.ts';
import { listPhrases, savePhrase } from '#shared/phrases/calls.ts';
import { saveShift, seePlan } from '#shared/plan/calls.ts';
import { lookIn, takeNext } from '#shared/queue/calls.ts';
import { isoWeekOf } from '#shared/statistics/iso-week.ts';
import { readStatistics, register } from '#shared/statistics/calls.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import { aKey, aTicket, day } from '#tests/booking/a-house.ts';
import { aRegistration } from '#tests/statistics/a-registration.ts';
import {
  aCounsellor,
  aProof,
  aVisitor,
  connect,
  join,
  signIn,
  valueOf,
  young,
  type Person
} from '#tests/support/people.ts';
import type { NodeProcess } from '#tests/support/node-processes.ts';
import { aReader } from '#tests/support/reader.ts';

type Node = Pick<NodeProcess, 'origin' | 'password'>;
interface TwoNodes {
  readonly near: Node;
  readonly far: Node;
  readonly durable: Durable;
}
/** Says again, of any node, that what was done is there. */
type IsThere = (node: Node) => Promise<void>;

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
const asStaff = (node: Node, cookie: string) => connect(node, { cookie, as: 'staff' });
const post = (node: Node, path: string, body: unknown, cookie = '') =>
  fetch(`${node.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: node.origin, cookie },
    body: JSON.stringify(body)
  });

/** Does all of it. @returns what asks whether all of it is still there, of a node that may be another one */
export async function doAllAHouseDoes(nodes: TwoNodes): Promise<IsThere> {
  const { near, far } = nodes;
  const password = near.password('karen');
  const proved = await post(near, '/desk/step-up', { password }, await signIn(far, 'karen'));
  const cookie = proved.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const lead = await asStaff(far, cookie);
  const done = [
    await team(nodes, lead, cookie),
    await phrases(nodes, lead),
    await booking(nodes, lead),
    await message(nodes),
    await card(nodes)
  ];
  const past = isoWeekOf(Date.now() - 200 * day);
  expect((await valueOf(lead.ask(readStatistics, { week: past }))).counts.length).toBeGreaterThan(
    0
  );
  lead.leave();
  return async (node) => {
    for (const isThere of done) await isThere(node);
  };
}

async function team({ near, far }: TwoNodes, lead: Person, cookie: string): Promise<IsThere> {
  const shownName = `Amina ${randomBytes(3).toString('hex')}`;
  const { link } = await valueOf(lead.ask(inviteToTeam, { shownName, role: 'counsellor' }));
  const token = link.split('#')[1] ?? '';
  const looked = await post(near, '/desk/invitation/look', { token });
  expect(await looked.json()).toMatchObject({ shownName, role: 'counsellor' });
  const totp = [near, far].map(async (node) => {
    const answer = await post(node, '/desk/invitation/totp', { token });
    return ((await answer.json()) as { secret: string }).secret;
  });
  expect(new Set(await Promise.all(totp)).size).toBe(1);
  return async (node) => {
    const session = await fetch(`${node.origin}/desk/session`, { headers: { cookie } });
    expect(session.status).toBe(200);
    const again = await asStaff(node, cookie);
    const { people } = await valueOf(again.ask(listTeam, {}));
    again.leave();
    expect(people.filter((one) => one.shownName === shownName)).toMatchObject([
      { state: 'invited' }
    ]);
  };
}

async function phrases({ near }: TwoNodes, lead: Person): Promise<IsThere> {
  const words = `Hvad ville hjælpe lige nu? ${randomBytes(3).toString('hex')}`;
  const own = { language: 'da' as const, id: null, group: 'scale' as const, version: 0 };
  const saved = await valueOf(
    lead.ask(savePhrase, { ...own, text: words, place: 99, hidden: false })
  );
  expect(saved.outcome).toBe('saved');
  const mikkel = await signIn(near);
  return async (node) => {
    const desk = await asStaff(node, mikkel);
    const { phrases } = await valueOf(desk.ask(listPhrases, { language: 'da' }));
    desk.leave();
    expect(phrases.filter((one) => one.text === words)).toHaveLength(1);
  };
}

async function booking({ near, far }: TwoNodes, lead: Person): Promise<IsThere> {
  const { counsellors } = await valueOf(lead.ask(seePlan, {}));
  const account = counsellors.find(({ name }) => name === 'Sofie')?.account ?? '';
  // Two weeks from now, on a Tuesday: far enough to be moved.
  const monday = new Date(Math.floor(Date.now() / day) * day + 14 * day);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  const shift = {
    ...{ id: randomUUID(), account, start: '15:00', end: '18:00', zone: 'Europe/Copenhagen' },
    ...{ when: { repeats: 'once' as const, date: dateOf(monday.getTime() + day) } },
    ...{ slotMinutes: 45, pauseMinutes: 15 },
    offer: {
      place: { kind: 'chat' as const },
      ...{ languages: ['da' as const], kinds: ['young' as const], seats: 1 },
      purposes: ['conversation' as const]
    }
  };
  expect(await valueOf(lead.ask(saveShift, { shift }))).toMatchObject({ outcome: 'changed' });
  const week = async (node: Node) => {
    const answer = await fetch(`${node.origin}${bookingWeekPath}${dateOf(monday.getTime())}`);
    return readWeek((await answer.json()) as Week);
  };
  await vi.waitUntil(async () => (await week(near)).length > 0, { timeout: 10_000 });
  const [first, second] = await week(near);
  if (!first || !second) throw new Error('no free time');

  const [device, other] = await Promise.all([aVisitor(near), aVisitor(far)]);
  const { ticket, name } = aTicket();
  const order = { slot: first.slot, key: aKey(), ticket: name, note: null, clip: null };
  const proof = await aProof(device);
  const asked = { visitor: young, purpose: 'conversation' as const, orders: [order], proof };
  const booked = await valueOf(device.ask(book, asked));
  expect(booked.outcome).toBe('booked');
  // The answer was lost: the same of another node.
  expect(await valueOf(other.ask(book, asked))).toEqual(booked);
  await vi.waitUntil(async () => !(await week(far)).some(({ slot }) => slot === first.slot), {
    timeout: 10_000
  });
  const moved = await valueOf(other.ask(moveBooking, { ticket, slot: second.slot, key: aKey() }));
  expect(moved.outcome).toBe('moved');
  for (const person of [device, other]) person.leave();
  return async (node) => {
    const person = await aVisitor(node);
    const seen = await valueOf(person.ask(seeBooking, { ticket }));
    person.leave();
    expect(seen).toMatchObject({ slot: second.slot, state: 'planned' });
  };
}

async function message({ near, far }: TwoNodes): Promise<IsThere> {
  const { desk } = await aReader(far);
  const secret = randomBytes(32);
  const [own, code] = [await newNoteIdentity(), codeName(secret)];
  const id = messageId(code);
  const words = await sealNote('Må jeg komme på torsdag?', [own.recipient], {
    purpose: 'message',
    id
  });
  if (!words.ok) throw new Error(words.refusal);
  const device = await aVisitor(near);
  const left = { code: text(code), sealed: text(words.sealed), recipient: own.recipient };
  await valueOf(device.ask(leaveMessage, { ...left, proof: await aProof(device) }));
  device.leave();
  const { messages } = await valueOf(desk.ask(waitingMessages, {}));
  const read = await Promise.all(
    messages.map(async ({ message }) => ({
      message,
      ...(await valueOf(desk.ask(readMessage, { message })))
    }))
  );
  const mine = read.find((one) => one.id === text(id));
  if (!mine) throw new Error('the message did not come');
  const answer = await sealNote('Ja, kl. 15.', [mine.recipient], { purpose: 'answer', id });
  if (!answer.ok) throw new Error(answer.refusal);
  await valueOf(desk.ask(answerMessage, { message: mine.message, sealed: text(answer.sealed) }));
  desk.leave();
  return async (node) => {
    const person = await aVisitor(node);
    const found = await valueOf(person.ask(lookForAnswer, { code: text(secret) }));
    person.leave();
    const opened = await openNote(bytes(found.answer ?? ''), own.identity, {
      ...{ purpose: 'answer' as const, id }
    });
    expect(opened).toMatchObject({ ok: true, text: 'Ja, kl. 15.' });
  };
}

/** A conversation of two nodes; both have said something, and it took place. */
async function conversation({ near, far }: TwoNodes, meanwhile: (at: At) => Promise<void>) {
  const [visitor, desk] = [await aVisitor(near), await aCounsellor(far)];
  const mine = await join(visitor);
  await vi.waitUntil(async () => (await valueOf(visitor.ask(lookIn, {}))).onShift > 0);
  const taken = await vi.waitUntil(
    async () => {
      const answer = await desk.ask(takeNext, {});
      return answer.ok ? answer.value : null;
    },
    { timeout: 10_000 }
  );
  expect(taken.conversation).toBe(mine.conversation);
  const counsellor = await asStaff(far, desk.cookie);
  await valueOf(visitor.ask(attach, { capability: mine.capability, expected: 1 }));
  await valueOf(counsellor.ask(attach, { capability: taken.capability, expected: 1 }));
  visitor.send(messageFrame(1, 1, Uint8Array.of(7)));
  expect((await counsellor.nextMessage()).at(-1)).toBe(7);
  counsellor.send(messageFrame(1, 1, Uint8Array.of(8)));
  expect((await visitor.nextMessage()).at(-1)).toBe(8);
  await valueOf(counsellor.ask(reportTookPlace, {}));
  await meanwhile(mine);
  await valueOf(visitor.ask(endConversation, {}));
  for (const person of [visitor, counsellor]) person.leave();
  return { desk, capability: taken.capability };
}
type At = Awaited<ReturnType<typeof join>>;

async function card(nodes: TwoNodes): Promise<IsThere> {
  const { near, far, durable } = nodes;
  const page = await (await fetch(`${far.origin}/chat`)).text();
  const organisationKey = Buffer.from(/organisation="([0-9a-f]{64})"/.exec(page)?.[1] ?? '', 'hex');
  const fetched = async (node: Node, path: string) =>
    new Uint8Array(await (await fetch(`${node.origin}${path}`)).arrayBuffer());
  const manifest = checkManifest(await fetched(near, clipKeysPath), {
    ...{ organisationKey, service, now: Date.now() }
  });
  if (manifest.kind !== 'valid') throw new Error(manifest.refusal);
  const line = await aVisitor(far);
  const holder = new CardHolder({
    ...{ work: createClipWork(), service, rule: defaultRule, keys: () => manifest.keys },
    spentList: () => fetched(near, spentListPath),
    now: () => Date.now(),
    keep: async () => {},
    ask: (call, request) => line.ask(call, request)
  });
  const first = await conversation(nodes, async (at) =>
    expect(await holder.requestCard(at, 'young-under-18')).toMatchObject({ ok: true })
  );
  expect(clipsLeft(holder.state)).toBe(4);
  const second = await conversation(nodes, async (at) => {
    expect(await holder.present(at)).toMatchObject({ value: { stage: 'ordinary' } });
    expect(await holder.settle()).toMatchObject({ value: { outcome: 'took-place' } });
  });
  expect(clipsLeft(holder.state)).toBe(3);
  line.leave();
  expect(await durable.clips.spent()).toHaveLength(1);

  const [one, other] = [first, second];
  const registration = aRegistration;
  expect(await one.desk.ask(register, { capability: one.capability, registration })).toEqual({
    ok: true,
    value: {}
  });
  const elsewhere = await asStaff(near, other.desk.cookie);
  const { capability } = other;
  expect(await elsewhere.ask(register, { capability, registration })).toMatchObject({ ok: true });
  expect(await other.desk.ask(register, { capability, registration })).toEqual({
    ok: false,
    refusal: 'already-registered'
  });
  for (const person of [one.desk, other.desk, elsewhere]) person.leave();
  const week = isoWeekOf(Date.now());
  return async (node) => {
    expect((await fetch(`${node.origin}${spentListPath}`)).status).toBe(200);
    expect(await durable.clips.spent()).toHaveLength(1);
    expect((await durable.counters.sums(week, week)).get('registered=something')).toBe(2);
  };
}
