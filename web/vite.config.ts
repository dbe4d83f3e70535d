import { fileURLToPath } from 'node:url';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import options from '../svelte.config.js';
import { pageScripts } from './entry/page-scripts.ts';
import { compiling } from './words/compiling.ts';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [paraglideVitePlugin(compiling), pageScripts(), sveltekit(options)],
  worker: { format: 'es' },
  build: { target: 'es2022' }
});
