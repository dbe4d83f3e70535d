import express, { type Request, type Response, type Router } from 'express';
import * as v from 'valibot';
import type { Durable } from '#server/store/durable/durable.ts';
import type { Account } from './account.ts';
import { answering, fromOurPages, readBody, refuse } from './answer-staff.ts';
import type { StaffCookie } from './cookie.ts';
import { acceptInvitation, lookAtInvitation, offerPasskey, offerTotp } from './invitation.ts';
import {
  accountOfPasskey,
  passkeyOffer,
  passkeyQuestion,
  PasskeyResponse,
  takePasskey,
  type PasskeyParts
} from './passkeys.ts';
import { newRecoveryCodes, recoveryHash } from './recovery-codes.ts';
import { signIn, type SignInParts } from './sign-in.ts';
import { presence, stepUp } from './step-up.ts';

const PasskeyAnswer = v.strictObject({ response: PasskeyResponse });

export interface DeskRoutesParts extends SignInParts, PasskeyParts {
  readonly store: Pick<Durable, 'accounts' | 'invitations'>;
  /** What the organisation is called. */
  readonly organisation: string;
  readonly cookie: StaffCookie;
  readonly isAllowedOrigin: (origin: string | undefined) => boolean;
  /** Hears that somebody has come to the team by an invitation. */
  readonly onJoined: () => void;
}

/** Everything staff do over HTTP: `/desk/sign-in` and its like. Every POST is for our own pages only. */
export function deskRoutes(parts: DeskRoutesParts): Router {
  const { accounts, sessions, passkeys, cookie, serverSecret } = parts;
  const routes = express.Router();
  const guard = fromOurPages(parts.isAllowedOrigin);
  const post = (path: string, ...handlers: express.RequestHandler[]) =>
    routes.post(path, guard, readBody, ...handlers);

  const tokenIn = (request: Request) => cookie.read(request.headers.cookie);
  const accountIn = (request: Request) => sessions.of(tokenIn(request));
  const giveCookie = (response: Response, token: string) =>
    response.cookie(cookie.name, token, cookie.options);
  /** For who is signed in. */
  const signedIn =
    (handle: (account: Account, request: Request) => Promise<object>) =>
    async (request: Request): Promise<object> => {
      const account = await accountIn(request);
      return account ? handle(account, request) : { refusal: 'not-signed-in' };
    };
  /** For who has proved just now that it is they. */
  const fresh = (handle: (account: Account, request: Request) => Promise<object>) =>
    signedIn(async (account, request) =>
      (await sessions.isFresh(account.session))
        ? handle(account, request)
        : { refusal: 'step-up-needed' }
    );

  post('/desk/sign-in', async (request, response) => {
    const answer = await signIn(request.body, parts);
    if ('refusal' in answer) return refuse(response, answer);
    await sessions.end(tokenIn(request));
    giveCookie(response, answer.token).status(204).end();
  });

  post(
    '/desk/passkey/options',
    answering(() => passkeyQuestion(presence, parts))
  );

  // A passkey cannot be guessed: it waits for no lockout.
  post('/desk/passkey/sign-in', async (request, response) => {
    const read = v.safeParse(PasskeyAnswer, request.body);
    if (!read.success) return refuse(response, { refusal: 'malformed-request' });
    const id = await accountOfPasskey(read.output.response, presence, parts);
    const account = id === null ? null : await accounts.withId(id);
    if (account?.state !== 'active') return refuse(response, { refusal: 'unknown-passkey' });
    await sessions.end(tokenIn(request));
    giveCookie(response, await sessions.start(account.id))
      .status(204)
      .end();
  });

  post('/desk/step-up', async (request, response) => {
    const account = await accountIn(request);
    if (!account) return refuse(response, { refusal: 'not-signed-in' });
    const answer = await stepUp(request.body, account, parts);
    if ('refusal' in answer) return refuse(response, answer);
    giveCookie(response, answer.token).status(204).end();
  });

  routes.post('/desk/sign-out', guard, async (request: Request, response: Response) => {
    await sessions.end(tokenIn(request));
    response.clearCookie(cookie.name, cookie.options).status(204).end();
  });

  routes.get('/desk/session', async (request: Request, response: Response) => {
    const account = await accountIn(request);
    // Nobody is signed in: an answer, not an error, which browsers would print.
    if (!account) {
      response.status(204).end();
      return;
    }
    const stored = await accounts.withId(account.id);
    response.json({
      name: account.shownName,
      role: account.role,
      hasPassword: stored !== null && stored.password !== null,
      hasTotp: stored !== null && stored.totpSecret !== null,
      passkeys: (await passkeys.of(account.id)).length,
      recoveryLeft: await accounts.recoveryLeft(account.id)
    });
  });

  const renewRecoveryCodes = fresh(async ({ id }) => {
    const recoveryCodes = newRecoveryCodes();
    const hashes = recoveryCodes.map((code) => recoveryHash(code, id, serverSecret));
    await accounts.replaceRecoveryCodes(id, hashes);
    return { recoveryCodes };
  });
  post(
    '/desk/recovery-codes',
    answering((_, request) => renewRecoveryCodes(request))
  );

  const addingOf = ({ session }: Account) => `another passkey ${session}`;
  const offerAnother = fresh((account) => passkeyOffer(account, addingOf(account), parts));
  const takeAnother = fresh(async (account, request) => {
    const read = v.safeParse(PasskeyAnswer, request.body);
    if (!read.success) return { refusal: 'malformed-request' };
    const made = await takePasskey(read.output.response, addingOf(account), parts);
    const isAdded = made && (await passkeys.add({ ...made, account: account.id }));
    return isAdded ? {} : { refusal: 'unknown-passkey' };
  });
  post(
    '/desk/passkey/add-options',
    answering((_, request) => offerAnother(request))
  );
  post(
    '/desk/passkey/add',
    answering((_, request) => takeAnother(request))
  );

  post(
    '/desk/invitation/look',
    answering((body) => lookAtInvitation(body, parts))
  );
  post(
    '/desk/invitation/totp',
    answering((body) => offerTotp(body, parts))
  );
  post(
    '/desk/invitation/passkey-options',
    answering((body) => offerPasskey(body, parts))
  );
  post('/desk/invitation/accept', async (request, response) => {
    const answer = await acceptInvitation(request.body, parts);
    if ('refusal' in answer) return refuse(response, answer);
    await sessions.end(tokenIn(request));
    parts.onJoined();
    giveCookie(response, answer.token).json({ recoveryCodes: answer.recoveryCodes });
  });

  return routes;
}
