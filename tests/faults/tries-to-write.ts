// Loaded into a server and its threads before they start (`--import`): tries what a node must not be able to do, and says how it went.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = process.env['FRIRUM_DATA'] ?? '';
function write(file: string): void {
  writeFileSync(file, 'x');
  rmSync(file);
}
// Not a database: Node's model does not hold its own SQLite, systemd does, and a node on Redis opens none.
const tries: Record<string, () => unknown> = {
  'a file beside its own': () => write(join(folder, 'written')),
  'a file elsewhere': () => write(join(tmpdir(), `written-${process.pid}`)),
  'what is not its own': () => readFileSync('/etc/passwd'),
  'another program': () => {
    const { error } = spawnSync('true');
    if (error) throw error;
  }
};

function outcomeOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'done';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const outcomes = Object.entries(tries).map(([what, attempt]) => [what, outcomeOf(attempt)]);
console.log(`${isMainThread ? 'Tried' : 'Thread tried'}: ${JSON.stringify(outcomes)}.`);
