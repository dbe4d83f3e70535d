/**
 * After every step but the first: where what had the focus went away with it, the heading of the next one
 * has it. Who is somewhere else, writing, stays there.
 * @param step reads everything that another step changes; asked for while the component is made
 */
export function toHeading(step: () => unknown): void {
  let steps = 0;
  $effect(() => {
    step();
    if (steps++ && document.activeElement === document.body)
      document.querySelector<HTMLElement>('main [tabindex="-1"]')?.focus();
  });
}
