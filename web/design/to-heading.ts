/**
 * Asked after every step: where what had the focus went away with it, the heading of the next one has it.
 * Who is somewhere else, writing, stays there.
 */
export function toHeading(): void {
  if (document.activeElement === document.body)
    document.querySelector<HTMLElement>('main [tabindex="-1"]')?.focus();
}
