export type DeskAnswer =
  | { readonly ok: true; readonly value: unknown }
  /** `seconds`: how long to wait before asking again, where the house says so. */
  | { readonly ok: false; readonly refusal: string; readonly seconds: number };

/** Asks one of the staff's HTTP routes. Whatever happens comes back as an answer. */
export async function askDesk(path: string, question: object = {}): Promise<DeskAnswer> {
  const answer = await fetch(`/desk/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question)
  }).catch(() => null);
  if (!answer) return { ok: false, refusal: 'line-down', seconds: 0 };
  const value: unknown = answer.status === 204 ? {} : await answer.json().catch(() => null);
  if (answer.ok && value !== null) return { ok: true, value };
  const seconds = Math.ceil(Number(answer.headers.get('retry-after'))) || 0;
  return { ok: false, refusal: refusalIn(value), seconds };
}

const refusalIn = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'refusal' in value
    ? String(value.refusal)
    : 'server-error';
