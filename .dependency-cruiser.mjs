/** Who may import whom; the map is in README.md. */
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

const features =
  '(?:conversation|roster|counsellor|queue|shift|booking|message|meeting|plan|decision|klippekort|course|board|scale|statistics|phrases|registration)';

export default {
  forbidden: [
    rule('no-circles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    rule(
      'shared-knows-neither-side',
      { path: '^shared/' },
      { path: '^(?:server|web|tests|bench|scripts)/' }
    ),
    rule('shared-is-not-node', { path: '^shared/' }, { dependencyTypes: ['core'] }),
    rule(
      'shared-takes-few-libraries',
      { path: '^shared/(?!crypto/)' },
      {
        path: '^node_modules/(?!valibot/|socket\\.io-parser/|altcha-lib/|temporal-polyfill/|ical-generator/)'
      }
    ),
    rule(
      'only-the-plan-reckons-with-dates',
      { path: '^(?:server|web|shared/(?!plan/))' },
      { path: '^node_modules/temporal-polyfill' }
    ),
    rule('server-and-web-meet-in-shared', { path: '^server/' }, { path: '^web/' }),
    rule('web-and-server-meet-in-shared', { path: '^web/' }, { path: '^server/' }),
    rule(
      'crypto-libraries-only-in-shared-crypto',
      { path: '^(?:server|web|shared/(?!crypto/))' },
      { path: '^node_modules/(?:libsodium|@noble|age-encryption)' }
    ),
    rule(
      'shared-crypto-imports-nothing-of-ours',
      { path: '^shared/crypto/' },
      { path: '^(?:shared|server|web)/', pathNot: '^shared/crypto/' }
    ),
    rule(
      'only-app-builds-stores',
      { path: '^server/', pathNot: '^server/(?:main|app)\\.ts$|^server/store/' },
      { path: '^server/store/(?:volatile|durable)/embedded' }
    ),
    rule(
      'pages-do-not-import-tests',
      { path: '^(?:server|web)/' },
      { path: '^(?:tests|bench|scripts)/' }
    ),
    rule(
      'web-features-speak-through-wire',
      { path: `^web/${features}/`, pathNot: '\\.(?:svelte|worker\\.ts)$' },
      { path: '^node_modules/socket\\.io-client' }
    )
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:build|data|web/\\.svelte-kit|web/words/paraglide)|\\$app|\\?worker' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6'],
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.svelte']
    }
  }
};
