/** What a visitor's page needs only when something takes long; in one piece, so that what these share stays in the page's own script. */
export { default as Aloud } from '../conversation/Aloud.svelte';
export { default as LongAway } from './LongAway.svelte';
export { default as Meanwhile } from './Meanwhile.svelte';
export { default as Returned } from './Returned.svelte';
