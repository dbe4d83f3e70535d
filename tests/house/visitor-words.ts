import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const imported = /(?:\bfrom|\bimport)\s*\(?\s*'(?<path>[^']+)'/g;
const said = /\bm\.(?<word>[a-z][a-z0-9_]*)/g;

/** The pages of the staff, which are in Danish and English alone. */
const isOfStaff = (path: string) => path.includes('routes/desk');

/** Every word that a page of visitors can say: what its components say, and all that they import. */
export function visitorWords(): ReadonlySet<string> {
  const words = new Set<string>();
  const seen = new Set<string>();
  const read = (file: string) => {
    if (seen.has(file) || /paraglide|node_modules/.test(file) || !existsSync(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const { groups } of text.matchAll(said)) words.add(groups?.['word'] ?? '');
    for (const { groups } of text.matchAll(imported)) {
      const path = (groups?.['path'] ?? '').replace(/\?.*$/, '');
      if (path.startsWith('#')) read(join(root, path.slice(1)));
      else if (path.startsWith('.')) read(resolve(dirname(file), path));
    }
  };
  const pages = globSync('web/routes/**/*.svelte', { cwd: root }).filter(
    (path) => !isOfStaff(path)
  );
  for (const page of pages) read(join(root, page));
  return words;
}
