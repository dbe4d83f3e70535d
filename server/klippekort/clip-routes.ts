import express, { type Request, type Response, type Router } from 'express';
import { clipKeysPath, spentListPath } from '#shared/klippekort/service.ts';
import type { Klippekort } from './klippekort.ts';

interface Needs {
  readonly klippekort: Klippekort;
  /** The epochs' public keys with the organisation's signature. */
  readonly manifest: () => Promise<Uint8Array>;
}

/** What everybody gets alike, so that fetching it says nothing: the signed keys and the spent clips. */
export function clipRoutes({ klippekort, manifest }: Needs): Router {
  const serve = (bytes: () => Promise<Uint8Array>) => async (_: Request, response: Response) => {
    response.type('application/octet-stream').send(Buffer.from(await bytes()));
  };
  return express
    .Router()
    .get(clipKeysPath, serve(manifest))
    .get(
      spentListPath,
      serve(() => klippekort.spentList())
    );
}
