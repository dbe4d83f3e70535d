import { endConversation } from '#shared/conversation/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { RelayStore } from '#server/store/volatile/relay.ts';
import { serve } from '#server/wire/serve.ts';

export const serveEndConversation = ({ relay }: { relay: RelayStore }) =>
  serve(endConversation, async (_, from) => {
    if (!from.line) return refuse('not-attached');
    await relay.close(from.line.conversation);
    return accept({});
  });
