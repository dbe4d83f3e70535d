import CardPage from './CardPage.svelte';
import { start } from './start.ts';

start(CardPage);
