// T5: a node on Redis lives a whole day under Node's permission model, without the right to write a file.
import { globSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join as path } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attach, endConversation, reportTookPlace } from '#shared/conversation/calls.ts';
import { issueCard } from '#shared/klippekort/calls.ts';
import { takeNext } from '#shared/queue/calls.ts';
import { register } from '#shared/statistics/calls.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import { aRegistration } from '#tests/statistics/a-registration.ts';
import { nodeProcesses, type NodeProcess } from '#tests/support/node-processes.ts';
import { aCounsellor, aVisitor, connect, join, valueOf } from '#tests/support/people.ts';

/** The base point of ristretto255 (RFC 9496, appendix A.1). */
const element = Buffer.from(
  'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
  'hex'
).toString('base64url');
const root = fileURLToPath(new URL('../..', import.meta.url));
const unit = readFileSync(path(root, 'deploy/systemd/frirum@.service'), 'utf8');
/** What the deployed unit gives Node, for the folders of this run. */
const flagsFor = (data: string) =>
  (/^ExecStart=\S+ (.*) --min-semi/m.exec(unit)?.[1] ?? '')
    .split(' ')
    .flatMap((flag) => {
      if (!flag.startsWith('--allow-fs-read=')) return [flag];
      // Here the folder of the libraries may be a link.
      const libraries = realpathSync(path(root, 'node_modules'));
      const folders = flag.includes('/opt/') ? [root, libraries] : [data];
      return folders.map((folder) => `--allow-fs-read=${folder}`);
    })
    .join(' ');

const preload = `--import=${new URL('tries-to-write.ts', import.meta.url).href}`;
// What was compiled for others is somewhere else on this disk.
const node = (flags: string) => ({ NODE_OPTIONS: `${flags} ${preload}`, NODE_COMPILE_CACHE: '' });

let house: Awaited<ReturnType<typeof nodeProcesses>>;
let [free, one, other]: NodeProcess[] = [];
beforeAll(async () => {
  const walled = (data: string) => node(flagsFor(data));
  house = await nodeProcesses([() => node(''), walled, walled]);
  [free, one, other] = house.nodes;
});
afterAll(() => house.stop());

const nodes = () => {
  if (!free || !one || !other) throw new Error('no nodes');
  return { free, one, other };
};
const triedBy = ({ server }: NodeProcess, who: 'Tried' | 'Thread tried'): [string, string][] =>
  JSON.parse(new RegExp(`^${who}: (.*)\\.$`, 'm').exec(server.output)?.[1] ?? '[]');
const whatLies = () =>
  globSync('**', { cwd: house.data }).map((file) => [
    file,
    statSync(path(house.data, file)).mtimeMs
  ]);

test('the deployed unit lets a node read two folders and start threads, and nothing else', () => {
  const allowed = flagsFor('DATA')
    .split(' ')
    .filter((flag) => flag.startsWith('--allow'));
  expect(allowed.filter((flag) => !flag.startsWith('--allow-fs-read='))).toEqual([
    '--allow-worker'
  ]);
  expect(flagsFor('DATA')).toContain('--permission ');
});

test('a node that tries to write is refused, and so are its threads; another one is not', async () => {
  const { free, one, other } = nodes();
  expect(triedBy(free, 'Tried')).toHaveLength(4);
  for (const [what, outcome] of triedBy(free, 'Tried'))
    expect([what, outcome]).toEqual([what, 'done']);
  for (const node of [one, other]) {
    expect(triedBy(node, 'Tried')).toHaveLength(4);
    for (const [what, outcome] of triedBy(node, 'Tried'))
      expect([what, outcome]).toEqual([what, 'ERR_ACCESS_DENIED']);
  }
});

test('a whole conversation: queue, words both ways, a card, the end, twenty seconds of registration', async () => {
  const { free, one, other } = nodes();
  await free.server.kill();
  const before = whatLies();
  expect(before.length).toBeGreaterThan(1);

  const visitor = await aVisitor(one);
  const mine = await join(visitor);
  const desk = await aCounsellor(other);
  const taken = await valueOf(desk.ask(takeNext, {}));
  expect(taken.conversation).toBe(mine.conversation);
  const counsellor = await connect(one, { cookie: desk.cookie, as: 'staff' });
  await valueOf(visitor.ask(attach, { capability: mine.capability, expected: 1 }));
  await valueOf(counsellor.ask(attach, { capability: taken.capability, expected: 1 }));
  visitor.send(messageFrame(1, 1, Uint8Array.of(7)));
  expect((await counsellor.nextMessage()).at(-1)).toBe(7);
  counsellor.send(messageFrame(1, 1, Uint8Array.of(8)));
  expect((await visitor.nextMessage()).at(-1)).toBe(8);

  // A card is computed in a thread.
  await valueOf(counsellor.ask(reportTookPlace, {}));
  const epoch = new Date().getUTCFullYear();
  const asked = { capability: mine.capability, epoch, ordinary: [element, element, element] };
  const card = await valueOf(visitor.ask(issueCard, { ...asked, fifth: element }));
  expect(card.ordinary.evaluated).toHaveLength(3);
  const tried = triedBy(one, 'Thread tried');
  expect(tried).toHaveLength(4);
  for (const [what, outcome] of tried) expect([what, outcome]).toEqual([what, 'ERR_ACCESS_DENIED']);

  await valueOf(counsellor.ask(endConversation, {}));
  const registration = { capability: taken.capability, registration: aRegistration };
  await valueOf(desk.ask(register, registration));
  for (const person of [visitor, desk, counsellor]) person.leave();
  expect(whatLies()).toEqual(before);
});
