import { reportTookPlace } from '#shared/conversation/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { RelayStore } from '#server/store/volatile/relay.ts';
import { serve } from '#server/wire/serve.ts';

export const serveReportTookPlace = ({ relay }: { relay: RelayStore }) =>
  serve(reportTookPlace, async (_, { line }) => {
    if (line?.role !== 'counsellor') return refuse('not-attached');
    await relay.markTookPlace(line.conversation);
    return accept({});
  });
