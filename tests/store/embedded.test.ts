import { systemClock } from '#server/clock.ts';
import { EmbeddedRelay } from '#server/store/volatile/embedded-relay.ts';
import { relayContract } from './relay-contract.ts';

relayContract(
  'the embedded store',
  async () => new EmbeddedRelay(systemClock),
  async () => {}
);
