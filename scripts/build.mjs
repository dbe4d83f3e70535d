// Builds the pages; with `--words` only what code is checked against: the words, and the routes' types.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const run = (folder, ...command) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: fileURLToPath(new URL(`../${folder}`, import.meta.url)),
    encoding: 'utf8'
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(status ?? 1);
};

if (process.argv.includes('--words')) {
  const { compile } = await import('@inlang/paraglide-js');
  const { compiling } = await import('../web/words/compiling.ts');
  await compile(compiling);
  run('web', '../node_modules/@sveltejs/kit/svelte-kit.js', 'sync');
} else {
  run('.', 'node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts');
}
