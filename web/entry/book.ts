import BookPage from './BookPage.svelte';
import { start } from './start.ts';

start(BookPage);
