import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const rows = read('tests/pages/checks.md')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  );
const testsIn = (cells: readonly string[]) => cells.join(' ').match(/tests\/\S+\.test\.ts/g) ?? [];

describe('the list of the 25 checks', () => {
  it('names each once, with a test that is there', () => {
    const numbered = rows.filter(([number]) => /^\d+$/.test(number ?? ''));
    expect(numbered.map(([number]) => Number(number))).toEqual(
      Array.from({ length: 25 }, (_, at) => at + 1)
    );
    for (const cells of numbered) {
      expect(testsIn(cells).length, cells[1]).toBeGreaterThan(0);
      for (const path of testsIn(cells)) expect(existsSync(root + path), path).toBe(true);
    }
  });

  it('names every dialog of the pages, with a test that walks in and out of it', () => {
    const dialogs = globSync('web/**/*.svelte', {
      cwd: root,
      exclude: (name) => /node_modules|\.svelte-kit/.test(name)
    }).filter(
      (path) => /<Dialog\b|<dialog\b/.test(read(path)) && path !== 'web/design/Dialog.svelte'
    );
    const listed = rows.filter(([path]) => path?.startsWith('web/'));
    expect(listed.map(([path = '']) => path).toSorted()).toEqual(dialogs.toSorted());
    for (const [path, test = ''] of listed)
      expect(read(test), `${path} in ${test}`).toContain('expectDialogReturns(');
  });
});
