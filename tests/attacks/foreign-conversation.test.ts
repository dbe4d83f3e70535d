// T9: every actor asks every call about a conversation that is not theirs, at a node that does not hold it.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { attach, endConversation } from '#shared/conversation/calls.ts';
import {
  FrameKind,
  gapFrame,
  messageFrame,
  receivedFrame,
  statusFrame
} from '#shared/wire/frame.ts';
import { Capability, ConversationId } from '#shared/wire/ids.ts';
import { issueCapability } from '#server/conversation/capability.ts';
import { defaultLimits } from '#server/wire/limits.ts';
import { examplesOf } from '#tests/support/examples.ts';
import { connect, signIn, valueOf, young, type Person } from '#tests/support/people.ts';
import { SeveralNodes, type ANode } from '#tests/support/several-nodes.ts';

const noLimits = { ...defaultLimits, rate: 1e6, burst: 1e6, openCalls: 1e6 };
const newId = () => randomBytes(16).toString('base64url');

let house: SeveralNodes;
let [here, there]: ANode[] = [];
const cookies: Record<string, string> = {};
beforeAll(async () => {
  house = await SeveralNodes.start();
  here = await house.node(noLimits);
  there = await house.node(noLimits);
  const node = here;
  // A house that has just begun may not answer at once.
  for (const name of ['mikkel', 'sofie', 'karen'])
    cookies[name] = await vi.waitFor(() => signIn(node, name), { timeout: 10_000 });
});
afterAll(() => house.stop());

/** A right as the server gives it. */
async function rightTo(
  conversation: string,
  role: 'visitor' | 'counsellor',
  name: string | null = null,
  of: string | null = null
): Promise<string> {
  const since = Math.floor(Date.now() / 1000);
  const account = name && (await house.accountOf(name));
  return issueCapability(
    { conversation, role, account, of, since, visitor: young, turn: 0 },
    house.written.secret()
  );
}

/** Somebody at a node, and every byte that was told them unasked. */
async function somebody(node: ANode | undefined, name: string | null, capability?: string) {
  if (!node) throw new Error('no node');
  const cookie = name === null ? undefined : cookies[name];
  const person = await connect(node, cookie ? { cookie, as: 'staff' } : {});
  if (capability) await valueOf(person.ask(attach, { capability, expected: 1 }));
  const heard: unknown[] = [];
  person.socket.io.engine.on('message', (data: unknown) => heard.push(data));
  return { ...person, heard };
}

/** Two who talk: a visitor and Mikkel, each at the other node than who asks. */
async function aPairAt(node: ANode | undefined) {
  const conversation = newId();
  const theirs = await rightTo(conversation, 'counsellor', 'mikkel');
  const visitor = await somebody(node, null, await rightTo(conversation, 'visitor'));
  const counsellor = await somebody(node, 'mikkel', theirs);
  visitor.send(messageFrame(1, 1, Uint8Array.of(1)));
  expect((await counsellor.nextMessage()).at(-1)).toBe(1);
  counsellor.send(receivedFrame(1));
  // Presence and positions of their own have been told by then.
  const isTold = (data: unknown) => Buffer.isBuffer(data) && data.equals(statusFrame(1, 1));
  await vi.waitUntil(() => visitor.heard.some(isTold) && counsellor.heard.length >= 2);
  for (const { heard } of [visitor, counsellor]) heard.length = 0;
  return { conversation, theirs, visitor, counsellor };
}

/** Who asks: alone, and from within a conversation of their own. */
async function actors(): Promise<Record<string, Person>> {
  const own = [newId(), newId(), newId()];
  const room = await rightTo(newId(), 'visitor', null, own[2]);
  return {
    nobody: await somebody(there, null),
    'a visitor in a conversation': await somebody(
      there,
      null,
      await rightTo(own[0] ?? '', 'visitor')
    ),
    'a third in a conversation': await somebody(there, null, room),
    'another counsellor': await somebody(there, 'sofie'),
    'another counsellor in a conversation': await somebody(
      there,
      'sofie',
      await rightTo(own[1] ?? '', 'counsellor', 'sofie')
    ),
    'the lead': await somebody(there, 'karen')
  };
}

/** The same text with one letter of it changed. */
const changed = (text: string, at: number) =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

test('nobody hears anything, and the answer is that of a conversation there is not', async () => {
  const foreign = await aPairAt(here);
  const asking = await actors();
  const calls = there?.app.calls ?? [];
  // A visitor's right is good for whoever holds it: what they do not hold is the counsellor's, and one they make up.
  const rights = [
    foreign.theirs,
    await rightTo(newId(), 'counsellor', 'mikkel', foreign.conversation),
    changed(await rightTo(foreign.conversation, 'visitor'), 3)
  ];
  const none = Buffer.from(randomBytes(76)).toString('base64url');
  const questions = (right: string, conversation: string) => {
    const known = new Map<typeof Capability, unknown>([
      [Capability, right],
      [ConversationId, conversation]
    ]);
    return calls
      .filter(({ name }) => name !== endConversation.name)
      .flatMap(({ name, request }) =>
        examplesOf(request, known)
          .slice(0, 3)
          .map((example) => [name, example] as const)
      )
      .filter(([, example]) =>
        [right, conversation].some((it) => JSON.stringify(example).includes(it))
      );
  };
  const named = new Set<string>();
  let asked = 0;
  const about = async (person: Person, right: string, conversation: string) =>
    Promise.all(
      questions(right, conversation).map(async ([name, request]) => {
        named.add(name);
        asked += 1;
        return [name, await person.askRaw(name, request)] as const;
      })
    );
  await Promise.all(
    Object.entries(asking).map(async ([who, person]) => {
      const unknown = await about(person, none, newId());
      for (const right of rights) {
        const answers = await about(person, right, foreign.conversation);
        expect({ who, answers }).toEqual({ who, answers: unknown });
        expect(answers.filter(([, { ok }]) => ok)).toEqual([]);
      }
    })
  );
  console.log(`${asked} questions about a foreign conversation, in ${named.size} calls`);
  expect(named.size).toBeGreaterThan(10);
  for (const { heard } of [foreign.visitor, foreign.counsellor]) expect(heard).toEqual([]);

  // The other calls have no place for a conversation's name: whatever they do, nobody else hears of it.
  const others = calls.filter(({ name }) => !named.has(name) && name !== endConversation.name);
  for (const person of Object.values(asking))
    await Promise.all(
      others.map(({ name, request }) => person.askRaw(name, examplesOf(request)[0]))
    );

  // What they send as messages, receipts and questions goes to their own other side, or nowhere.
  const frames = [
    messageFrame(1, 1, Uint8Array.of(66)),
    Uint8Array.of(FrameKind.received, 0, 0, 0, 1),
    Uint8Array.of(FrameKind.sync, 0, 0, 0, 1),
    statusFrame(1, 1),
    gapFrame(1)
  ];
  for (const person of Object.values(asking)) {
    for (const frame of frames) person.send(frame);
    await person.askRaw('queue:look-in', {});
  }
  for (const { heard } of [foreign.visitor, foreign.counsellor]) expect(heard).toEqual([]);

  // And it is as it was: what was never said by the two of them is not there.
  foreign.visitor.send(messageFrame(2, 2, Uint8Array.of(7)));
  expect((await foreign.counsellor.nextMessage()).at(-1)).toBe(7);
  foreign.counsellor.send(messageFrame(1, 1, Uint8Array.of(8)));
  expect((await foreign.visitor.nextMessage()).at(-1)).toBe(8);
  // By now they would also have heard what took longer on its way.
  for (const { heard } of [foreign.visitor, foreign.counsellor]) {
    expect(heard.filter((one) => typeof one === 'string')).toEqual([]);
    const messages = heard.filter((one) => (one as Uint8Array)[0] === FrameKind.message);
    expect(messages).toHaveLength(1);
  }
  for (const person of [...Object.values(asking), foreign.visitor, foreign.counsellor])
    person.leave();
});
