import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { StaffCookie } from './cookie.ts';
import type { Sessions } from './sessions.ts';
import { signIn, type SignInAnswer, type SignInParts } from './sign-in.ts';

const statusOf = {
  'malformed-request': 400,
  'wrong-name-or-password': 401,
  'too-many-attempts': 429,
  busy: 503
} as const satisfies Record<Extract<SignInAnswer, { refusal: string }>['refusal'], number>;

export interface DeskRoutesParts extends SignInParts {
  readonly sessions: Sessions;
  readonly cookie: StaffCookie;
  readonly isAllowedOrigin: (origin: string | undefined) => boolean;
}

/** `/desk/sign-in`, `/desk/sign-out`, `/desk/session`. */
export function deskRoutes(parts: DeskRoutesParts): Router {
  const { sessions, cookie, isAllowedOrigin } = parts;
  const routes = express.Router();

  /** A page elsewhere cannot sign anybody in or out, not even with a form that sends no cookie. */
  const fromOurPages = (request: Request, response: Response, next: NextFunction): void => {
    const { origin } = request.headers;
    if (isAllowedOrigin(origin)) next();
    else response.status(403).json({ refusal: 'wrong-origin' });
  };
  const tokenIn = (request: Request) => cookie.read(request.headers.cookie);

  routes.post(
    '/desk/sign-in',
    fromOurPages,
    express.json({ limit: '8kb' }),
    async (request: Request, response: Response) => {
      const answer = await signIn(request.body, parts);
      if ('refusal' in answer) {
        if ('seconds' in answer) response.set('Retry-After', String(answer.seconds));
        response.status(statusOf[answer.refusal]).json(answer);
        return;
      }
      await sessions.end(tokenIn(request));
      response.cookie(cookie.name, answer.token, cookie.options).status(204).end();
    }
  );

  routes.post('/desk/sign-out', fromOurPages, async (request: Request, response: Response) => {
    await sessions.end(tokenIn(request));
    response.clearCookie(cookie.name, cookie.options).status(204).end();
  });

  routes.get('/desk/session', async (request: Request, response: Response) => {
    const account = await sessions.of(tokenIn(request));
    if (account) response.json({ name: account.shownName, role: account.role });
    // Nobody is signed in: an answer, not an error, which browsers would print.
    else response.status(204).end();
  });

  return routes;
}
