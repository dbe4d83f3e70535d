// Starts Frirum. Plain JavaScript without anything new, so that an old Node gets as far as being told.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Frirum cannot start: it needs Node 24 or newer, and this is ${process.versions.node}. ` +
      'It brings its own: run "npm ci" without --ignore-scripts, then "npm start".'
  );
  process.exit(1);
}

if (!existsSync(join(root, 'node_modules'))) {
  console.error('Frirum cannot start: what it is made of is not here yet. Run "npm ci" first.');
  process.exit(1);
}

// Said before the pages are built, not after.
const { readSettings } = await import('../server/settings.ts');
try {
  readSettings();
} catch (error) {
  console.error(error.message);
  process.exit(error.status ?? 1);
}

/** Made by the build itself, or by tools beside it. */
const made = new Set(['node_modules', '.svelte-kit', 'paraglide']);

/** When the newest file at or below a path was changed. */
function changedAt(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path).filter((name) => !made.has(name));
  return Math.max(0, ...inside.map((name) => changedAt(join(path, name))));
}

function isBuilt() {
  const page = join(root, 'build', 'index.html');
  if (!existsSync(page)) return false;
  const sources = ['web', 'shared', 'svelte.config.js', 'package-lock.json'];
  return sources.every((name) => changedAt(join(root, name)) <= statSync(page).mtimeMs);
}

function build() {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(vite)) {
    console.error(
      'Frirum cannot start: its pages are not built. Run "npm ci" with all dependencies.'
    );
    process.exit(1);
  }
  // Under Node's permission model, as deployed.
  if (process.permission && !process.permission.has('child')) {
    console.error(
      'Frirum cannot start: its pages are older than what they are made of. Run "npm run build" first.'
    );
    process.exit(1);
  }
  console.log('Building the pages, which takes a few seconds …');
  const built = spawnSync(
    process.execPath,
    [vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'error'],
    { cwd: root, encoding: 'utf8' }
  );
  if (built.status !== 0) {
    console.error(
      `Frirum cannot start: its pages could not be built.\n${built.stderr}${built.stdout}`
    );
    process.exit(1);
  }
}

if (!isBuilt()) build();
await import('../server/main.ts');
