import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { waitStep } from '#shared/queue/patience.ts';

test('a wait is fresh, long, or too long, and never goes back', () => {
  const steps = Array.from({ length: 60 }, (_, minutes) => waitStep(minutes));
  expect([0, 4, 5, 14, 15, 59].map((minutes) => steps[minutes])).toEqual([
    'fresh',
    'fresh',
    'long',
    'long',
    'too-long',
    'too-long'
  ]);
  expect(steps.filter((step, at) => step !== steps[at - 1])).toEqual(['fresh', 'long', 'too-long']);
});

/** WCAG 2.2, relative luminance of #rrggbb. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test('each step is read by day and by night: 4.5 to 1', () => {
  const css = readFileSync(new URL('../../web/design/tokens.css', import.meta.url), 'utf8');
  const [day = '', night = ''] = css.split('prefers-color-scheme: dark');
  for (const tokens of [day, night])
    for (const [text, ground] of [
      ['ink', 'sea-soft'],
      ['ink', 'apricot-soft'],
      ['coral', 'sheet'],
      ['soft', 'apricot-soft']
    ]) {
      const of = (name = '') =>
        luminance(new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(tokens)?.[1] ?? '');
      const [one, other] = [of(text), of(ground)];
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      expect(contrast, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
});
