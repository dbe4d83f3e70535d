import { expect } from 'vitest';
import { attach } from '#shared/conversation/calls.ts';
import { search, searchBytes, type Find, type Haystack } from '#tests/support/canary.ts';
import { filesIn, openFilesOf, output } from '#tests/support/haystacks.ts';
import { memoryOf } from '#tests/support/memory.ts';
import { connect } from '#tests/support/people.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import {
  beginTalking,
  bringThird,
  closeBoth,
  conversationOf,
  endTalking,
  everythingSaid,
  everythingTold,
  firstText,
  openBoth,
  removeProfiles,
  said,
  type Both
} from './canary-journey.ts';

/** Where words of a conversation could be read by somebody else, and what was found there. */
export interface Scan {
  readonly frames: Find[];
  readonly files: Find[];
  readonly output: Find[];
  readonly memory: Find[];
  readonly profile: Find[];
  /** What the visitor's device said about itself, outside the browser. */
  readonly identity: Find[];
  /** The conversation's name, one second after its end. */
  readonly ended: Find[];
  /** How the WebSockets were asked for and agreed on. */
  readonly upgrades: { request: string; response: string }[];
  readonly compressedFrames: number;
  readonly filesElsewhere: string[];
}

/** Two people talk, through a reload and a restart, and everything around them is searched. */
export async function talkAndScan(environment: Record<string, string> = {}): Promise<Scan> {
  const server = await ServerProcess.start(environment);
  const both = await openBoth(server);
  const found = { files: [] as Find[], memory: [] as Find[], identity: [] as Find[] };
  const lookAround = async () => {
    const memory = await memoryOf(server);
    const files = [...filesIn(server.data)];
    found.memory.push(...search(everythingSaid, memory));
    found.files.push(...search(everythingSaid, files));
    found.identity.push(...search(everythingTold, [...memory, ...files]));
    return memory;
  };
  try {
    await beginTalking(both, server);
    await talk(both, server, lookAround);
    await talkAsThree(both, server, lookAround);
    await lookAround();
    const filesElsewhere = openFilesOf(server.pid).filter((file) => !file.startsWith(server.data));

    const conversation = await conversationOf(both.young.page);
    expect(conversation).toHaveLength(22);
    await endTalking(both);
    await somebodyElseCame(server);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const memory = await lookAround();
    const ended = searchConversation(conversation, [
      // What is left in buffers: see after-the-end.test.ts.
      ...memory.filter(({ where }) => where === 'heap'),
      ...filesIn(server.data),
      output(server.output)
    ]);

    await closeBoth(both);
    await server.kill('SIGTERM');
    const people = Object.values(both);
    const taps = people.map(({ tap }) => tap);
    const printed = [output(server.output)];
    return {
      frames: search(everythingSaid, [
        ...taps.flatMap((tap) => [...tap.haystacks()]),
        ...people.flatMap(({ frames }) => frames)
      ]),
      files: [...found.files, ...search(everythingSaid, filesIn(server.data))],
      output: search(everythingSaid, printed),
      memory: found.memory,
      profile: search(
        everythingSaid,
        people.flatMap(({ profile }) => [...filesIn(profile)])
      ),
      identity: [
        ...found.identity,
        ...search(everythingTold, [...filesIn(server.data), ...printed])
      ],
      ended,
      upgrades: taps.flatMap(({ upgrades }) => upgrades),
      compressedFrames: taps.flatMap(({ frames }) => frames).filter((one) => one.isExtended).length,
      filesElsewhere
    };
  } finally {
    await closeBoth(both);
    await server.remove();
    removeProfiles(both);
  }
}

async function talk(
  { young, desk }: Both,
  server: ServerProcess,
  lookAround: () => Promise<unknown>
): Promise<void> {
  const byYoung = [firstText];
  const byDesk: string[] = [];
  const youngSays = async (text: string) => {
    byYoung.push(text);
    await young.talk.say(text);
  };
  const deskSays = async (text: string) => {
    byDesk.push(text);
    await desk.talk.say(text);
  };
  const allHeard = async () => {
    await desk.talk.hasHeard(byYoung);
    await young.talk.hasHeard(byDesk);
  };

  await deskSays(`Ja, det må du gerne. ${said.danish.text}`);
  await youngSays(`It is about ${said.ascii.text} \u{1f44b}`);
  await deskSays(`مرحبا ${said.arabic.text}\nOg ${said.ascii.text}`);
  await youngSays(`${said.arabic.text} و ${said.danish.text}`);
  await allHeard();
  await lookAround();

  // What waits for somebody in a tunnel lies in the server's memory meanwhile.
  young.tap.cut();
  await deskSays(`Er du der? ${said.danish.text} ${said.ascii.text} ${said.arabic.text}`);
  await desk.page.locator('[data-from=me][data-state=sent]:not([data-delivered])').waitFor();
  await lookAround();
  young.tap.mend();
  await allHeard();

  await young.page.reload();
  await young.talk.isState('open');
  await youngSays(`Nu er jeg tilbage. ${said.ascii.text}`);
  await allHeard();

  await server.kill('SIGTERM');
  await youngSays(`Er I der? ${said.danish.text}`);
  await server.start();
  await deskSays(`Vi er her. ${said.arabic.text}`);
  await allHeard();
}

/** A third person comes, is cut off, reloads, and goes through another restart. */
async function talkAsThree(
  both: Both,
  server: ServerProcess,
  lookAround: () => Promise<unknown>
): Promise<void> {
  const { young, desk, third } = both;
  await bringThird(both);
  const byThird: string[] = [];
  const thirdSays = async (text: string) => {
    byThird.push(text);
    await third.talk.say(text);
    for (const { talk } of [young, desk])
      await expect.poll(() => talk.messages('third'), { timeout: 20_000 }).toEqual(byThird);
  };
  await thirdSays(`Jeg er her. ${said.third.text} ${said.danish.text}`);
  await lookAround();
  third.tap.cut();
  await young.talk.say(`Til jer begge: ${said.third.text} ${said.name.text}`);
  await young.page.locator('[data-from=me][data-state=sent]:not([data-delivered])').waitFor();
  await lookAround();
  third.tap.mend();
  await expect.poll(() => third.talk.messages('third'), { timeout: 20_000 }).toHaveLength(1);
  await third.page.reload();
  await third.talk.isState('open');
  await server.kill('SIGTERM');
  await server.start();
  await thirdSays(`Tilbage. ${said.ascii.text} ${said.third.text}`);
}

/**
 * V8 holds the text that a regular expression matched last, which may be a capability, until the next
 * one matches.
 */
async function somebodyElseCame(server: ServerProcess): Promise<void> {
  const visitor = await connect(server);
  await visitor.ask(attach, { capability: 'A'.repeat(78), expected: 1 });
  visitor.leave();
}

function searchConversation(name: string, haystacks: readonly Haystack[]): Find[] {
  return [
    ...search([{ name: 'conversation', text: name }], haystacks),
    ...searchBytes('conversation', Buffer.from(name, 'base64url'), haystacks)
  ];
}
