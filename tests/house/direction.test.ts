import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayNotIn } from './may-not.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = globSync('{server,shared,web}/**/*.{ts,svelte}', {
  cwd: root,
  exclude: (name) => /node_modules|\.svelte-kit|paraglide/.test(name)
}).toSorted();

interface Rules {
  readonly default: { readonly forbidden: readonly { readonly name: string }[] };
}

/** For every rule somebody who breaks it: the file, and what it imports. */
const planted: Record<string, readonly [file: string, imports: string]> = {
  'no-circles': ['shared/queue/about.ts', './round.ts'],
  'shared-knows-neither-side': ['shared/queue/nosy.ts', '../../server/app.ts'],
  'shared-is-not-node': ['shared/queue/native.ts', 'node:fs'],
  'shared-takes-few-libraries': ['shared/queue/hungry.ts', 'express'],
  'only-the-plan-reckons-with-dates': ['web/queue/dating.ts', 'temporal-polyfill'],
  'server-and-web-meet-in-shared': ['server/queue/seeing.ts', '../../web/queue/Page.svelte'],
  'web-and-server-meet-in-shared': ['web/queue/Page.svelte', '#server/app.ts'],
  'crypto-libraries-only-in-shared-crypto': ['server/queue/sealing.ts', 'libsodium-wrappers'],
  'shared-crypto-imports-nothing-of-ours': ['shared/crypto/curious.ts', '#shared/queue/about.ts'],
  'only-app-builds-stores': ['server/queue/hoarding.ts', '../store/volatile/embedded-relay.ts'],
  'pages-do-not-import-tests': ['server/queue/testing.ts', '../../tests/plant.ts'],
  'web-features-speak-through-wire': ['web/queue/shouting.ts', 'socket.io-client']
};

describe('who may import whom', () => {
  const house = mkdtempSync(join(tmpdir(), 'frirum-house-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  };

  beforeAll(() => {
    for (const name of ['.dependency-cruiser.mjs', 'package.json', 'tsconfig.json'])
      cpSync(join(root, name), join(house, name));
    for (const name of ['express', 'libsodium-wrappers', 'socket.io-client', 'temporal-polyfill']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
      write(`node_modules/${name}/index.js`, '');
    }
    for (const path of [
      'server/app.ts',
      'server/store/volatile/embedded-relay.ts',
      'tests/plant.ts'
    ])
      write(path, 'export const plant = 1;\n');
    write('shared/queue/round.ts', "export { other } from './about.ts';\n");
    for (const [path, imports] of Object.values(planted)) {
      const code = `import * as other from '${imports}';\nexport { other };\n`;
      write(
        path,
        path.endsWith('.svelte') ? `<script lang="ts">${code.split('\n')[0]}</script>` : code
      );
    }
  });
  afterAll(() => rmSync(house, { recursive: true }));

  it('is a rule that fires, each for the file that breaks it', async () => {
    const file = pathToFileURL(join(root, '.dependency-cruiser.mjs')).href;
    const { default: rules } = (await import(file)) as Rules;
    const { stdout } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/.bin/depcruise'),
        ...['--config', '.dependency-cruiser.mjs', '--output-type', 'json'],
        ...['server', 'shared', 'web']
      ],
      { cwd: house, encoding: 'utf8', maxBuffer: 2 ** 26 }
    );
    const { summary } = JSON.parse(stdout) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    const fired = (name: string) =>
      summary.violations.filter(({ rule }) => rule.name === name).map(({ from }) => from);
    expect(Object.keys(planted)).toEqual(rules.forbidden.map(({ name }) => name));
    for (const [name, [file]] of Object.entries(planted)) expect(fired(name), name).toContain(file);
  });
});

describe('what may stand in one place alone', () => {
  it('is found', () => {
    expect(mayNotIn('server/queue/a.ts', 'const port = process.env.PORT;')).toEqual([
      'server/queue/a.ts:1 reads the environment'
    ]);
    expect(mayNotIn('web/a.svelte', "\nprocess['env']")).toHaveLength(1);
    expect(mayNotIn('shared/a.ts', "import { env } from 'node:process';")).toHaveLength(1);
    for (const call of ['io.fetchSockets()', 'io.socketsJoin(a)', 'io.in(a).disconnectSockets()'])
      expect(mayNotIn('server/a.ts', `await ${call};`)).toHaveLength(1);
    expect(mayNotIn('server/settings.ts', 'process.env')).toEqual([]);
    expect(mayNotIn('server/a.ts', '// never process.environment')).toEqual([]);
  });

  it('stands there alone', () => {
    expect(sources.length).toBeGreaterThan(120);
    const found = sources.flatMap((path) => mayNotIn(path, readFileSync(root + path, 'utf8')));
    expect(found).toEqual([]);
  });
});

it('no file is longer than 300 lines', () => {
  const long = sources
    .map((path) => ({
      path,
      lines: readFileSync(root + path, 'utf8')
        .trimEnd()
        .split('\n').length
    }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
});
