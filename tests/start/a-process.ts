import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { compiled } from '#tests/support/fresh-house.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Running {
  readonly child: ChildProcess;
  /** All that was printed so far, to both streams. */
  printed(): string;
  /** The exit status, once it has ended. */
  readonly ended: Promise<number | null>;
  /** The address of its ready line; throws when it ends before that. */
  ready(): Promise<string>;
}

/** Runs Node on a script of the repository, with no more environment than it is given and what was compiled before. */
export function run(args: readonly string[], environment: Record<string, string>): Running {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...compiled(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const ended = new Promise<number | null>((done) => child.once('close', done));
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return {
    child,
    printed: () => printed,
    ended,
    async ready() {
      let isOver = false;
      void ended.then(() => (isOver = true));
      for (;;) {
        const address = /^Frirum is ready: (\S+)\n/m.exec(printed)?.[1];
        if (address) return address;
        if (isOver) throw new Error(`it ended before it was ready:\n${printed}`);
        await new Promise((again) => setTimeout(again, 20));
      }
    }
  };
}
