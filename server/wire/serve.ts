import * as v from 'valibot';
import {
  refuse,
  type Answer,
  type AnswerOf,
  type Asker,
  type Call,
  type RequestOf
} from '#shared/wire/define-call.ts';
import { StoreAway } from '#server/store/store-away.ts';
import type { Connection } from './connection.ts';

type Promised<T> = T | Promise<T>;

/** A call with the function that answers it, ready for the door. */
export interface Served {
  readonly call: Call;
  readonly answer: (request: unknown, from: Connection) => Promised<Answer<unknown, string>>;
}

/** Joins a declared call to its handler, which receives clean values only. */
export const serve = <C extends Call>(
  call: C,
  handle: (request: RequestOf<C>, from: Connection) => Promised<AnswerOf<C>>
): Served => ({
  call,
  answer: (request, from) => {
    const parsed = v.safeParse(call.request, request);
    // V8 keeps the last text a regular expression matched: a capability must not stay there.
    /./.test('-');
    return parsed.success ? handle(parsed.output, from) : refuse('malformed-request');
  }
});

const mayAsk = (who: Asker, { account }: Connection): boolean => {
  if (who === 'anyone') return true;
  if (account === null) return false;
  return who === 'staff' || [who].flat().includes(account.role);
};

/** The one door: limits, checks and catches, so that no input reaches a handler unclean. */
export class Door {
  private readonly served: ReadonlyMap<string, Served>;

  constructor(served: readonly Served[]) {
    this.served = new Map(served.map((one) => [one.call.name, one]));
  }

  get calls(): readonly Call[] {
    return [...this.served.values()].map(({ call }) => call);
  }

  /** Takes every Socket.IO event of a connection; unknown and unacknowledged ones end here. */
  async knock(event: readonly unknown[], from: Connection): Promise<void> {
    if (!from.mayPass()) return;
    const [name, request, acknowledge] = event;
    if (typeof acknowledge !== 'function' || event.length !== 3) {
      from.socket.emit('wire:refused', { refusal: 'no-acknowledgement' });
      return;
    }
    acknowledge(await this.answer(String(name), request, from));
  }

  private async answer(
    name: string,
    request: unknown,
    from: Connection
  ): Promise<Answer<unknown, string>> {
    const served = this.served.get(name);
    if (!served) return refuse('unknown-call');
    if (!mayAsk(served.call.who, from)) return refuse('not-allowed');
    if (from.openCalls >= from.limits.openCalls) return refuse('too-many-requests');
    from.openCalls += 1;
    try {
      return await served.answer(request, from);
    } catch (error) {
      if (error instanceof StoreAway) return refuse('not-now');
      // What went wrong may quote the request, so the words of the error go nowhere.
      return refuse('server-error');
    } finally {
      from.openCalls -= 1;
    }
  }
}
