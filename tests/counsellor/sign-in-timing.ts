import { randomInt } from 'node:crypto';
import { aDesk, password } from './desk.ts';

const DAY = 86_400_000;

/** Who tries to sign in, and what an outsider must not be able to tell from the time it takes. */
const tries = {
  known: { name: 'sofie', password: 'not-this-password' },
  unknown: { name: 'nobody', password: 'not-this-password' },
  'known, with the right password and a wrong code': { name: 'amina', password, totp: '000000' },
  invited: { name: 'invited', password: 'not-this-password' }
} as const;
export type Try = keyof typeof tries;

/** Milliseconds over real HTTP, `each` times for each kind, in an order that is drawn. */
export async function timeSignIns(each: number): Promise<Record<Try, number[]>> {
  const desk = await aDesk();
  await desk.store.accounts.add([
    {
      ...desk.account,
      id: 'amina',
      name: 'amina',
      totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    },
    { ...desk.account, id: 'invited', name: 'invited', state: 'invited', password: null }
  ]);
  const took: Record<Try, number[]> = {
    known: [],
    unknown: [],
    'known, with the right password and a wrong code': [],
    invited: []
  };
  const kinds = Object.keys(tries) as Try[];
  for (const kind of kinds) await desk.signIn(tries[kind]);
  for (let n = 0; n < each; n += 1) {
    const order = kinds.map((kind) => ({ kind, at: randomInt(1 << 30) }));
    for (const { kind } of order.toSorted((one, other) => one.at - other.at)) {
      // Two days later the lockout has forgotten.
      desk.clock.time += 2 * DAY;
      const from = performance.now();
      const answer = await desk.signIn(tries[kind]);
      await answer.arrayBuffer();
      took[kind].push(performance.now() - from);
      if (answer.status !== 401) throw new Error(`${kind}: ${answer.status}`);
    }
  }
  await desk.stop();
  return took;
}

/**
 * How well time tells two kinds apart: the chance that one of `a` took longer than one of `b` (Mann and
 * Whitney). 0.5 is not at all. Its standard error for n of each is 1 / sqrt(6 n).
 */
export function told(a: readonly number[], b: readonly number[]): number {
  let longer = 0;
  for (const one of a) for (const other of b) longer += one > other ? 1 : one === other ? 0.5 : 0;
  return longer / (a.length * b.length);
}
