import express, { type Router } from 'express';
import { revokedPath } from '#shared/counsellor/terms.ts';
import type { Clock } from '#server/clock.ts';
import type { Certificates } from '#server/store/durable/staff.ts';

/** The serials of certificates that are revoked and would still be in force: the same for everybody who asks. */
export function revokedRoute({ revoked }: Pick<Certificates, 'revoked'>, clock: Clock): Router {
  const routes = express.Router();
  routes.get(revokedPath, async (_, response) => {
    // Asked for when somebody asks for a place and again when they are taken: at once the same will do.
    response.set('Cache-Control', 'private, max-age=10');
    response.json({ serials: await revoked(clock.now()) });
  });
  return routes;
}
