#!/usr/bin/env node
// `frirum init` and `frirum team`. Plain JavaScript, so that an old Node gets as far as being told.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Frirum needs Node 24 or newer, and this is ${process.versions.node}. ` +
      'It brings its own: run "npm ci" without --ignore-scripts, then "npm run init".'
  );
  process.exit(1);
}
const { defineCommand, runMain } = await import('citty');
process.umask(0o077);
await runMain(
  defineCommand({
    meta: { name: 'frirum', description: 'Frirum, an anonymous counselling chat' },
    subCommands: {
      init: () => import('./init.ts').then(({ init }) => init),
      team: () => import('./team.ts').then(({ team }) => team)
    }
  })
);
