import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { password } from '@clack/prompts';

/** FILE and what opens or seals it. */
export function readArguments(usage: string) {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        recipient: { type: 'string' },
        'identity-file': { type: 'string' },
        'passphrase-file': { type: 'string' },
        force: { type: 'boolean', default: false }
      }
    });
    const [file] = positionals;
    if (file && positionals.length === 1) return { file, ...values };
  } catch {
    // Told below.
  }
  return giveUp(usage);
}

/** From a file, or asked for where somebody sits at the terminal. It is never an argument: others see those. */
export async function readPassphrase(path: string | undefined): Promise<string> {
  if (path) return firstLine(path);
  if (!process.stdin.isTTY) return giveUp('Give --passphrase-file, or run it in a terminal.');
  const typed = await password({ message: 'Passphrase of the backup' });
  return typeof typed === 'string' ? typed : giveUp('Nothing was done.');
}

export const firstLine = (path: string): string =>
  readFileSync(path, 'utf8')
    .split('\n')
    .find((line) => line !== '' && !line.startsWith('#')) ?? '';

export function giveUp(line: string): never {
  console.error(line);
  process.exit(1);
}
