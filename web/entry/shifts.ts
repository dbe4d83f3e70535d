import ShiftsPage from './ShiftsPage.svelte';
import { start } from './start.ts';

start(ShiftsPage);
