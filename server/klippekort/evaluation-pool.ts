import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Evaluation } from '#shared/crypto/blind-clip.ts';
import type { Check, Checked, Evaluate, Job } from './evaluation-job.ts';

/** Computes with an epoch's secret key, away from the event loop. */
export interface Evaluator {
  /** Null when one of them is no element. */
  evaluate(order: Omit<Evaluate, 'kind'>): Promise<Evaluation | null>;
  check(order: Omit<Check, 'kind'>): Promise<Checked>;
  close(): Promise<void>;
}

/** Jobs that may wait; more is an attack, and the rest of the service must not wait behind it. */
const mostWaiting = 500;

interface Waiting {
  readonly job: Job;
  readonly done: (result: Evaluation | Checked | null) => void;
  readonly failed: (error: Error) => void;
}

/**
 * A few threads that evaluate clips: one evaluation takes about as long as a thousand messages of the
 * chat. Threads start with the first job and are no reason for the process to live.
 */
export class EvaluationPool implements Evaluator {
  private readonly waiting: Waiting[] = [];
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Waiting>();
  private readonly size: number;
  private isClosed = false;

  constructor(size = Math.max(1, Math.min(2, availableParallelism() - 1))) {
    this.size = size;
  }

  async evaluate(order: Omit<Evaluate, 'kind'>): Promise<Evaluation | null> {
    const result = await this.run({ kind: 'evaluate', ...order });
    return typeof result === 'string' ? null : result;
  }

  async check(order: Omit<Check, 'kind'>): Promise<Checked> {
    const result = await this.run({ kind: 'check', ...order });
    return typeof result === 'string' ? result : 'wrong-tag';
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { failed } of this.waiting.splice(0)) failed(new Error('the pool is closed'));
    await Promise.all([...this.idle, ...this.busy.keys()].map((worker) => worker.terminate()));
  }

  private run(job: Job): Promise<Evaluation | Checked | null> {
    if (this.isClosed || this.waiting.length >= mostWaiting)
      return Promise.reject(new Error('the pool takes no more'));
    return new Promise((done, failed) => {
      this.waiting.push({ job, done, failed });
      this.next();
    });
  }

  private next(): void {
    if (this.waiting.length === 0) return;
    const worker = this.idle.pop() ?? (this.busy.size < this.size ? this.start() : null);
    const turn = worker && this.waiting.shift();
    if (!worker || !turn) return;
    this.busy.set(worker, turn);
    worker.postMessage(turn.job);
  }

  private start(): Worker {
    const worker = new Worker(new URL('./evaluation.worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (result: Evaluation | Checked | null) => {
      const turn = this.busy.get(worker);
      this.busy.delete(worker);
      this.idle.push(worker);
      turn?.done(result);
      this.next();
    });
    worker.on('error', () => this.lost(worker));
    worker.on('exit', () => this.lost(worker));
    return worker;
  }

  /** A thread died: its job fails, the device asks again, and the next job starts another. */
  private lost(worker: Worker): void {
    this.busy.get(worker)?.failed(new Error('a thread of the pool ended'));
    this.busy.delete(worker);
    const at = this.idle.indexOf(worker);
    if (at >= 0) this.idle.splice(at, 1);
    if (!this.isClosed) this.next();
  }
}
