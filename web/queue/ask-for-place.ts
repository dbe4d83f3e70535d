import { joinQueue, leaveQueue, requestChallenge } from '#shared/queue/calls.ts';
import { refuse } from '#shared/wire/define-call.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import { revokedSerials } from '../keys/revoked-serials.ts';
import type { Asked, Line } from '../wire/line.ts';
import { prove } from './prove.ts';

/**
 * Asks for a place, and goes on asking while the line is not up yet or breaks: whoever is quick, or in a
 * tunnel, is not sent away. A place that came too late for somebody who left is given back.
 */
export async function askForPlace(
  line: Line,
  visitor: Visitor,
  isWanted: () => boolean
): Promise<Asked<typeof joinQueue>> {
  // A round less for whoever is taken at once; whoever waits for long asks again, and hears of news meanwhile.
  void revokedSerials();
  for (;;) {
    await line.whenUp();
    const answer = isWanted() ? await askOnce(line, visitor) : refuse('line-down');
    if (answer.ok && !isWanted()) line.callOut(leaveQueue, {});
    if (answer.ok || answer.refusal !== 'line-down' || !isWanted()) return answer;
  }
}

async function askOnce(line: Line, visitor: Visitor): Promise<Asked<typeof joinQueue>> {
  const asked = await line.ask(requestChallenge, {});
  if (!asked.ok) return asked;
  const proof = await prove(asked.value.challenge);
  return proof === null ? refuse('proof-refused') : line.ask(joinQueue, { visitor, proof });
}
