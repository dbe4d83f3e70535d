import { setImmediate } from 'node:timers/promises';
import { attach } from '#shared/conversation/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { Clock } from '#server/clock.ts';
import type { RelayStore } from '#server/store/volatile/relay.ts';
import type { Connection } from '#server/wire/connection.ts';
import { serve } from '#server/wire/serve.ts';
import { readCapability, type CapabilityContent } from './capability.ts';
import { SocketReceiver } from './socket-receiver.ts';

interface Needs {
  readonly relay: RelayStore;
  readonly secret: Uint8Array;
  readonly clock: Clock;
  /** Hears that a side has come, and answers with what to do when it goes. */
  readonly onAttached: (
    content: CapabilityContent,
    from: Connection,
    found: { readonly talked: boolean; readonly otherHere: boolean }
  ) => (silentFor: number) => void;
}

export const serveAttach = ({ relay, secret, clock, onAttached }: Needs) =>
  serve(attach, async ({ capability, expected, talked = false, attempt = 0 }, from) => {
    if (from.line) return refuse('already-attached');
    const content = readCapability(capability, secret, clock.now() / 1000);
    if (!content) return refuse('unknown-capability');
    if (!mayUse(content, from)) return refuse('unknown-capability');
    // Nobody goes on in a room of a conversation that is over.
    if (content.of && (await relay.isClosed(content.of))) return refuse('conversation-closed');
    await farewellsAreRead();
    if (!from.socket.connected) return refuse('conversation-closed');
    const receiver = new SocketReceiver(from);
    const { conversation, role, turn } = content;
    const attached = await relay.attach(conversation, role, expected, receiver, turn, attempt);
    if (!attached) return refuse(await whyNot(content, relay));
    if (!from.socket.connected) {
      attached.line.detach();
      return refuse('conversation-closed');
    }
    const { stored, delivered, otherHere } = attached;
    from.hold(attached.line, onAttached(content, from, { talked, otherHere }));
    // What waits follows the answer, so the client knows its own numbers first.
    void setImmediate().then(() => from.line?.sync(expected));
    return accept({ stored, delivered, otherHere });
  });

/**
 * What came over the line with a question is read before it is answered. A node that was held up finds
 * questions of sockets that have gone since, and they must not displace the one that came after them.
 */
async function farewellsAreRead(): Promise<void> {
  // Two turns: an end is read in the one, and told in the other.
  await setImmediate();
  await setImmediate();
}

/** Why a side has no place in its conversation. */
async function whyNot({ conversation, turn }: CapabilityContent, relay: RelayStore) {
  if (await relay.isClosed(conversation)) return 'conversation-closed';
  // Else it has attached again since, from elsewhere.
  return turn < (await relay.turnOf(conversation)) ? 'back-in-queue' : 'already-attached';
}

/** A counsellor's right is bound to the account; in a pair of guests either side is whoever holds it. */
const mayUse = ({ role, account, of }: CapabilityContent, from: Connection): boolean =>
  account === null ? role === 'visitor' || of !== null : account === from.account?.id;
