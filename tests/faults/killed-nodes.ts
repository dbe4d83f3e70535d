import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { root, type Answer, type Request } from './losses.ts';

type Place = readonly [folder: string, secret: Uint8Array, now: number, redis: string];

interface Waiting {
  readonly child: ChildProcess;
  readonly done: (answer: Answer) => void;
  readonly failed: (error: Error) => void;
}

/** Two houses on one Redis, each a process; in turn one is killed, and comes back. */
export class KilledNodes {
  private readonly children: ChildProcess[] = [];
  private readonly place: Place;
  private readonly killing: NodeJS.Timeout;
  private readonly waiting = new Map<number, Waiting>();
  /** Those that serve, the oldest first: on a slow machine nobody is killed before it has begun. */
  private readonly serving = new Set<ChildProcess>();
  kills = 0;
  private lastId = 0;
  private isOver = false;

  private constructor(place: Place, every: number) {
    this.place = place;
    for (const at of [0, 1]) this.begin(at);
    this.killing = setInterval(() => this.killOne(), every);
  }

  static start(place: Place, every: number): KilledNodes {
    return new KilledNodes(place, every);
  }

  /** Rejects when that house is gone before it has answered. */
  ask(request: Request, turn: number): Promise<Answer> {
    const child = this.children[turn % 2];
    return new Promise((done, failed) => {
      if (!child?.connected || !this.serving.has(child)) return failed(new Error('not there'));
      this.lastId += 1;
      this.waiting.set(this.lastId, { child, done, failed });
      child.send({ id: this.lastId, request }, () => {});
    });
  }

  /** Nobody is killed any more. */
  spare(): void {
    clearInterval(this.killing);
  }

  stop(): void {
    this.isOver = true;
    clearInterval(this.killing);
    for (const child of this.children) child.kill('SIGKILL');
  }

  private killOne(): void {
    const [oldest] = this.serving;
    if (!oldest?.kill('SIGKILL')) return;
    this.serving.delete(oldest);
    this.kills += 1;
  }

  private begin(at: number): void {
    if (this.isOver) return;
    const [folder, secret, now, redis] = this.place;
    const child = spawn(
      process.execPath,
      [
        join(root, 'tests/faults/booking-process.ts'),
        ...[folder, Buffer.from(secret).toString('hex'), String(now), 'FULL', redis]
      ],
      { cwd: root, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }
    );
    this.children[at] = child;
    child.on('message', (said: 'ready' | { id: number; answer?: Answer }) => {
      if (said === 'ready') {
        this.serving.add(child);
        return;
      }
      const { done, failed } = this.waiting.get(said.id) ?? {};
      this.waiting.delete(said.id);
      if (said.answer) done?.(said.answer);
      else failed?.(new Error('not known'));
    });
    child.once('exit', () => {
      this.serving.delete(child);
      for (const [id, { child: asked, failed }] of this.waiting) {
        if (asked !== child) continue;
        this.waiting.delete(id);
        failed(new Error('gone'));
      }
      this.begin(at);
    });
  }
}
