import { tagOf } from '../../redis/slot-of.ts';
import type { Redis } from '../../redis/connection.ts';
import type { Script } from '../../redis/script.ts';

/** One step of the script, for one conversation. */
export interface Step {
  readonly name: string;
  /** The conversation's hash. */
  readonly key: string;
  readonly side: 'v' | 'c';
  readonly line: number;
  readonly turn?: number;
  readonly first?: number;
  readonly second?: number;
  readonly bytes?: Uint8Array;
}

/** Numbers, and the frames that were asked for again. */
export type Result = readonly (number | Buffer)[];
type Tell = readonly [line: number, kind: number, first: number, second: number, step: number];

interface Pending {
  readonly step: Step;
  readonly done: (result: Result) => void;
  readonly failed: (error: unknown) => void;
}

/** Steps of one call; more would hold Redis up for everybody else. */
const mostJoined = 200;
/** Milliseconds a step that nobody waits for may wait for company. */
const companyWithin = 10;
const ignore = () => {};
const noBytes = Buffer.alloc(0);

/**
 * Joins the steps of one turn of the event loop into one call. Redis runs calls in the order they were
 * written, so steps keep theirs.
 */
export class JoinedSteps {
  private readonly redis: Redis;
  private readonly script: Script;
  private readonly before: readonly string[];
  private readonly onTold: (tell: Tell, step: Step | undefined) => void;
  private pending: Pending[] = [];
  private readonly unhurried = new Map<number, Step>();
  private company: NodeJS.Timeout | undefined;

  constructor(parts: {
    redis: Redis;
    script: Script;
    before: readonly string[];
    onTold: (tell: Tell, step: Step | undefined) => void;
  }) {
    this.redis = parts.redis;
    this.script = parts.script;
    this.before = parts.before;
    this.onTold = parts.onTold;
  }

  /** Rejects when it is not known whether Redis took the step. */
  take(step: Step): Promise<Result> {
    return new Promise((done, failed) => this.push({ step, done, failed }));
  }

  /** The same without a promise, on the path of every message; a step that fails is answered nothing. */
  push(pending: Pending): void {
    this.pending.push(pending);
    if (this.pending.length === 1) setImmediate(() => this.send());
  }

  /**
   * A step that nobody waits for goes with the next call, or by itself after a moment. A line's later one
   * stands for its earlier. A receipt that travels with a message costs neither call nor wake-up.
   */
  pushUnhurried(step: Step): void {
    this.unhurried.set(step.line, step);
    this.company ??= setTimeout(() => this.send(), companyWithin);
  }

  private send(): void {
    clearTimeout(this.company);
    this.company = undefined;
    const pending = this.withUnhurried(this.pending);
    this.pending = [];
    for (const together of this.redis.isSpread ? byTag(pending) : [pending])
      for (let from = 0; from < together.length; from += mostJoined)
        void this.call(together.slice(from, from + mostJoined));
  }

  /** First, so that nothing a line did after it overtakes it. */
  private withUnhurried(pending: readonly Pending[]): readonly Pending[] {
    if (this.unhurried.size === 0) return pending;
    const steps = [...this.unhurried.values()];
    this.unhurried.clear();
    return [...steps.map((step) => ({ step, done: ignore, failed: ignore })), ...pending];
  }

  private async call(pending: readonly Pending[]): Promise<void> {
    const keys = pending.map(({ step }) => step.key);
    const values: (string | Buffer)[] = [...this.before];
    for (const { step } of pending) {
      const { bytes } = step;
      values.push(step.name, step.side, String(step.line), String(step.turn ?? 0));
      values.push(String(step.first ?? 0), String(step.second ?? 0));
      values.push(bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : noBytes);
    }
    let answer: [Result[], Tell[]];
    try {
      answer = (await this.script.run(this.redis, keys, values)) as [Result[], Tell[]];
    } catch (error) {
      for (const { failed } of pending) failed(error);
      return;
    }
    const [results, told] = answer;
    for (const tell of told) this.onTold(tell, pending[tell[4]]?.step);
    for (const [index, { done }] of pending.entries()) done(results[index] ?? []);
  }
}

/** A call has keys of one tag; steps of one conversation stay in their order. */
const byTag = (pending: readonly Pending[]): Iterable<Pending[]> =>
  Map.groupBy(pending, ({ step }) => tagOf(step.key)).values();
