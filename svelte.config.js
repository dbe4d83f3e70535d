import adapter from '@sveltejs/adapter-static';

const build = new URL('build', import.meta.url).pathname;

/**
 * The front end's options. Vite's root is `web/`; `web/vite.config.ts` hands these to Kit.
 * @type {import('@sveltejs/kit/vite').Config}
 */
export default {
  adapter: adapter({ pages: build, assets: build, precompress: true, strict: true }),
  compilerOptions: { runes: true },
  files: { src: '.', assets: 'static' },
  paths: { relative: false },
  version: { name: 'frirum', pollInterval: 0 },
  // `/chat#young` is read by a script: if an element had that name, browsers would move the focus to it.
  prerender: {
    handleMissingId: 'ignore',
    entries: [
      '',
      '/chat',
      '/book',
      '/write',
      '/desk',
      '/desk/team',
      '/desk/shifts',
      '/desk/invitation',
      '/card',
      '/parents',
      '/professionals',
      '/privacy',
      '/was'
    ]
      .flatMap((page) => [page || '/', `/en${page}`])
      .concat('/404')
  }
};
