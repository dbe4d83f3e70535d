// The same pages with a keys worker that encrypts nothing: what the canary scan must be able to find.
import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import adapter from '@sveltejs/adapter-static';
import { defineConfig } from 'vite';
import options from '../../../svelte.config.js';
import { pageScripts } from '../../../web/entry/page-scripts.ts';

const { PLAINTEXT_BUILD: build, PLAINTEXT_WORK: outDir } = process.env;
if (!build || !outDir) throw new Error('PLAINTEXT_BUILD and PLAINTEXT_WORK name two folders');

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const trueWorker = 'keys/keys.worker.ts?worker&url';

const withoutEncryption = {
  name: 'without-encryption',
  enforce: 'pre',
  resolveId: (source) =>
    source.endsWith(trueWorker) ? `${here('plaintext.worker.ts')}?worker&url` : undefined
};

export default defineConfig({
  root: here('../../../web'),
  plugins: [
    withoutEncryption,
    pageScripts([withoutEncryption]),
    sveltekit({
      ...options,
      outDir,
      adapter: adapter({ pages: build, assets: build, precompress: false, strict: true })
    })
  ],
  worker: { format: 'es' },
  build: { target: 'es2022' }
});
