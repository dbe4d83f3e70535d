/** Boxes that are one stop for the keyboard: arrows go from box to box, as they do among radio buttons. */
export function roving(group: HTMLElement): () => void {
  const boxes = [...group.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
  const stopAt = (at: number) =>
    boxes.forEach((box, index) => (box.tabIndex = index === at ? 0 : -1));
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = boxes.findIndex((box) => box === event.target);
    if (!step || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = (at + step + boxes.length) % boxes.length;
    stopAt(next);
    boxes[next]?.focus();
  };
  const enter = (event: FocusEvent) => {
    const at = boxes.findIndex((box) => box === event.target);
    if (at >= 0) stopAt(at);
  };
  stopAt(0);
  group.addEventListener('keydown', press);
  group.addEventListener('focusin', enter);
  return () => {
    group.removeEventListener('keydown', press);
    group.removeEventListener('focusin', enter);
  };
}
