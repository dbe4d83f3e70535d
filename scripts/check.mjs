// Format, lint, types, dependency direction and dead code, side by side.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = 'node_modules/.bin/';
// What has not changed since the last check is not looked at again.
const kept = 'web/.svelte-kit';
const checks = {
  format: [
    `${bin}prettier`,
    ...['--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content'],
    ...['--cache-location', `${kept}/prettier.json`, '.']
  ],
  lint: [`${bin}oxlint`, '--type-aware', '--deny-warnings', '--quiet'],
  types: [
    'node_modules/typescript/bin/tsc',
    ...['--noEmit', '--incremental', '--tsBuildInfoFile', `${kept}/types.tsbuildinfo`]
  ],
  'types of pages': [
    `${bin}svelte-check`,
    ...['--tsconfig', 'web/tsconfig.json', '--fail-on-warnings', '--threshold', 'warning'],
    ...['--output', 'machine']
  ],
  'dependency direction': [
    `${bin}depcruise`,
    ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err', 'server', 'shared', 'web']
  ],
  'dead code': [`${bin}knip`]
};

spawnSync(process.execPath, ['scripts/build.mjs', '--words'], { cwd: root, stdio: 'inherit' });

const results = await Promise.all(
  Object.entries(checks).map(
    ([name, command]) =>
      new Promise((resolve) => {
        const started = Date.now();
        let output = '';
        const child = spawn(process.execPath, command, { cwd: root });
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk) => (output += chunk));
        child.on('close', (status) =>
          resolve({ name, ok: status === 0, output, seconds: (Date.now() - started) / 1000 })
        );
      })
  )
);

for (const { name, ok, output, seconds } of results) {
  console.log(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok) console.log(output.trimEnd());
}
const failed = results.filter(({ ok }) => !ok).length;
console.log(`check: ${results.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
