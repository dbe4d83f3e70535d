import TeamPage from './TeamPage.svelte';
import { start } from './start.ts';

start(TeamPage);
