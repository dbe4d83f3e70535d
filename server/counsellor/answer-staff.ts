import express, { type Request, type RequestHandler, type Response } from 'express';

/** The status a named refusal travels with. */
const statusOf: Readonly<Record<string, number>> = {
  'malformed-request': 400,
  'not-signed-in': 401,
  'wrong-name-or-password': 401,
  'unknown-passkey': 401,
  'wrong-origin': 403,
  'step-up-needed': 403,
  'unknown-invitation': 404,
  'name-taken': 409,
  'expired-invitation': 410,
  'used-invitation': 410,
  'password-too-short': 422,
  'password-too-common': 422,
  'wrong-code': 422,
  'too-many-attempts': 429,
  busy: 503
};

/** A page elsewhere cannot do anything here, not even with a form that sends no cookie. */
export const fromOurPages =
  (isAllowedOrigin: (origin: string | undefined) => boolean): RequestHandler =>
  (request, response, next) => {
    if (isAllowedOrigin(request.headers.origin)) next();
    else response.status(403).json({ refusal: 'wrong-origin' });
  };

/** Bodies of staff routes: JSON, 8 kB. */
export const readBody = express.json({ limit: '8kb' });

export function refuse(
  response: Response,
  answer: { readonly refusal: string; readonly seconds?: number }
): void {
  if (answer.seconds !== undefined) response.set('Retry-After', String(answer.seconds));
  response.status(statusOf[answer.refusal] ?? 500).json(answer);
}

/** Answers with what `handle` gives, or with its refusal. */
export const answering =
  (handle: (body: unknown, request: Request) => Promise<object>): RequestHandler =>
  async (request, response) => {
    const answer = await handle(request.body, request);
    if ('refusal' in answer) refuse(response, answer as { refusal: string });
    else response.json(answer);
  };
