import WritePage from './WritePage.svelte';
import { start } from './start.ts';

start(WritePage);
