// Words first: everything else imports them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...command) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8'
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(status ?? 1);
};

run(
  'node_modules/@inlang/paraglide-js/bin/run.js',
  ...['compile', '--project', 'web/words/project.inlang', '--outdir', 'web/words/paraglide'],
  ...['--strategy', 'globalVariable', 'baseLocale', '--silent']
);
if (!process.argv.includes('--words'))
  run('node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts');
