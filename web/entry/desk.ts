import DeskPage from './DeskPage.svelte';
import { start } from './start.ts';

start(DeskPage);
