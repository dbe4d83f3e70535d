import { fileURLToPath } from 'node:url';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import options from '../svelte.config.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  plugins: [
    paraglideVitePlugin({
      project: here('words/project.inlang'),
      outdir: here('words/paraglide'),
      strategy: ['globalVariable', 'baseLocale'],
      emitPrettierIgnore: false,
      emitGitIgnore: false
    }),
    sveltekit(options)
  ],
  worker: { format: 'es' },
  build: { target: 'es2022' }
});
