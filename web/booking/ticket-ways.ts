/** A note, and what can be done with a ticket besides; in one piece, so that what these share stays in the page's own script. */
export { default as NoteField } from './NoteField.svelte';
export { default as TicketCarryWays } from './TicketCarryWays.svelte';
export { default as TicketImportForm } from './TicketImportForm.svelte';
export { default as TicketNoteForm } from './TicketNoteForm.svelte';
