import MeetingPage from './MeetingPage.svelte';
import { start } from './start.ts';

start(MeetingPage);
