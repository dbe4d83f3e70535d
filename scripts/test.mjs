// Every test of every runner, and one line at the end that counts them all.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error('Frirum needs Node 24: run "npm ci" without --ignore-scripts, then "npm test".');
  process.exit(1);
}

/** Programs the tests run for real, and the Debian packages that hold them. */
const systemParts = {
  '/usr/bin/chromium': 'chromium',
  '/usr/bin/redis-server': 'redis-server',
  '/usr/sbin/nginx': 'nginx-light',
  '/usr/bin/caddy': 'caddy',
  '/usr/bin/gcc': 'gcc',
  '/usr/include/stdio.h': 'libc6-dev'
};
/** Chromium without what nobody sees of it in a test; without this package the tests take longer. */
const lighter = { '/usr/bin/chromium-headless-shell': 'chromium-headless-shell' };
const missing = (parts) =>
  Object.entries(parts)
    .filter(([path]) => !existsSync(path))
    .map(([, name]) => name);
const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
const needed = missing(systemParts);
if (needed.length > 0 && !mayInstall) {
  const command = `apt-get install -y --no-install-recommends ${needed.join(' ')}`;
  console.error(`The tests need ${needed.join(', ')}. Run as root: ${command}`);
  process.exit(1);
}
if (mayInstall) {
  // One that Debian does not have must not keep the others out.
  const orders = [needed, missing(lighter)].filter((packages) => packages.length > 0);
  const shell = (command) =>
    spawnSync('sh', ['-c', command], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    });
  if (orders.length > 0) shell('apt-get update -qq');
  for (const packages of orders) {
    console.log(`Installing ${packages.join(', ')} …`);
    shell(`apt-get install -y -qq --no-install-recommends ${packages.join(' ')}`);
  }
}

const node = (...command) =>
  spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status ?? 1;

const report = `${root}tests/output/vitest.json`;
mkdirSync(`${root}tests/output`, { recursive: true });
rmSync(report, { force: true });

let passed = 0;
let failed = 0;
const count = (isGood) => (isGood ? (passed += 1) : (failed += 1));

console.log('Building the pages …');
const built = node('scripts/build.mjs') === 0;
count(built);
if (built) {
  count(node('scripts/check.mjs') === 0);
  const only = process.argv.slice(2);
  const status = node(
    'node_modules/vitest/vitest.mjs',
    ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only]
  );
  const results = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
  passed += results?.numPassedTests ?? 0;
  failed += results?.numFailedTests ?? 0;
  // A file that could not be loaded has no test to fail.
  if (status !== 0 && !results?.numFailedTests) failed += 1;
  tellSecondTries(results?.testResults ?? []);
}

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** A test that passed and has an error needed its second try: nobody should have to look for that. */
function tellSecondTries(files) {
  const again = files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName, failureMessages: [first] }) => ({
        test: `${relative(root, name)} > ${fullName}`,
        why: stripVTControlCharacters(first).split('\n')[0]
      }))
  );
  console.log(`\nNeeded a second try: ${again.length === 0 ? 'none' : again.length}`);
  for (const { test, why } of again) console.log(`  ${test}\n    ${why}`);
}
