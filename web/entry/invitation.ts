import InvitationPage from './InvitationPage.svelte';
import { start } from './start.ts';

start(InvitationPage);
