const gap = '…';

/**
 * Puts a text where the caret is, over what is marked, and hands the field over: with the first gap of the
 * text marked, so that what is typed next fills it.
 */
export function insertAtCaret(area: HTMLTextAreaElement, text: string): void {
  const { selectionStart, selectionEnd, value } = area;
  const before = value.slice(0, selectionStart);
  const after = value.slice(selectionEnd);
  const lead = before === '' || /\s$/.test(before) ? '' : ' ';
  const trail = after === '' || /^\s/.test(after) ? '' : ' ';
  area.focus();
  area.setRangeText(lead + text + trail, selectionStart, selectionEnd, 'end');
  const at = text.indexOf(gap);
  if (at >= 0) {
    const start = selectionStart + lead.length + at;
    area.setSelectionRange(start, start + gap.length);
  }
  area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
}
