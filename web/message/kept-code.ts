import * as v from 'valibot';

const KeptCode = v.strictObject({
  /** As it is written down. */
  code: v.pipe(v.string(), v.maxLength(60)),
  /** When the answer is gone, in milliseconds since 1970. */
  until: v.number()
});
export type KeptCode = v.InferOutput<typeof KeptCode>;

const name = 'frirum-message';

/** On this device, because its holder asked for it; what is over is thrown away. */
export function loadCode(now: number): KeptCode | null {
  const kept = read(localStorage.getItem(name) ?? '');
  if (kept && kept.until > now) return kept;
  localStorage.removeItem(name);
  return null;
}

export const keepCode = (kept: KeptCode): void => localStorage.setItem(name, JSON.stringify(kept));

export const forgetCode = (): void => localStorage.removeItem(name);

function read(text: string): KeptCode | null {
  try {
    const kept = v.safeParse(KeptCode, JSON.parse(text));
    return kept.success ? kept.output : null;
  } catch {
    return null;
  }
}
