import ChatPage from './ChatPage.svelte';
import { start } from './start.ts';

start(ChatPage);
