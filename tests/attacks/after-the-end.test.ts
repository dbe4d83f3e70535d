import { expect, onTestFinished, test } from 'vitest';
import { endConversation } from '#shared/conversation/calls.ts';
import { searchBytes } from '#tests/support/canary.ts';
import { memoryOf } from '#tests/support/memory.ts';
import { aConversation, valueOf } from '#tests/support/people.ts';
import { ServerProcess } from '#tests/support/server-process.ts';

// A capability must not stay in Node's shared pool of small buffers when the conversation is over.
test('a second after its end nothing in the memory of the server names a conversation', async () => {
  const server = await ServerProcess.start();
  onTestFinished(() => server.remove());
  const { visitor, counsellor, conversation } = await aConversation(server);
  const name = Buffer.from(conversation, 'base64url');
  expect(searchBytes('conversation', name, await memoryOf(server))).not.toEqual([]);
  await valueOf(visitor.ask(endConversation, {}));
  visitor.leave();
  counsellor.leave();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(searchBytes('conversation', name, await memoryOf(server))).toEqual([]);
});
