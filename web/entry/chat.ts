import { fetchAhead } from '../wire/start-worker.ts';
import ChatPage from './ChatPage.svelte';
import { start } from './start.ts';

// On a slow line what seals comes last, and everything waits for it: it is asked for before the page wakes.
fetchAhead('keys');
fetchAhead('proof');
start(ChatPage);
