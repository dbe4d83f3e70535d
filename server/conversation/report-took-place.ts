import { reportTookPlace } from '#shared/conversation/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { RelayStore } from '#server/store/volatile/relay.ts';
import { serve } from '#server/wire/serve.ts';

interface Needs {
  readonly relay: RelayStore;
  /** The conversation that a pair belongs to; of any other the conversation itself. */
  readonly baseOf: (conversation: ConversationId) => ConversationId;
}

export const serveReportTookPlace = ({ relay, baseOf }: Needs) =>
  serve(reportTookPlace, async (_, { line }) => {
    if (line?.role !== 'counsellor') return refuse('not-attached');
    await relay.markTookPlace(baseOf(line.conversation));
    return accept({});
  });
