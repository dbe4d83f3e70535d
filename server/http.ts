import { createServer, type RequestListener, type Server } from 'node:http';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { healthRoutes } from './health/health.ts';
import { securityHeaders } from './pages/headers.ts';
import type { Pages } from './pages/load-pages.ts';
import type { OpenNow } from './pages/page.ts';
import { serveAssets } from './pages/serve-assets.ts';
import { serveNotFound, servePages } from './pages/serve-pages.ts';
import { codeOf } from './store/durable/cannot-start.ts';
import { StoreAway } from './store/store-away.ts';

export interface HttpParts {
  readonly pages: Pages;
  readonly build: string;
  /** The sign-in routes, as `createCounsellors` makes them. */
  readonly desk: Router;
  readonly openNow: () => OpenNow;
  /** Null when it can serve, else the reason in a few words. */
  readonly notReady: () => string | null;
  readonly exitUrl: string;
  /** Whether the public origin is https. */
  readonly https: boolean;
}

/** Everything that is spoken over plain HTTP. It writes no line about any request. */
export function createHttp(parts: HttpParts): express.Express {
  const { pages, build, desk, openNow, notReady, exitUrl, https } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', false);
  app.set('query parser', false);

  app.use(securityHeaders(https));
  app.use(healthRoutes(notReady));
  app.use(desk);
  app.use(onlyReading);
  app.get('/leave', (_: Request, response: Response) => {
    response.set('Clear-Site-Data', '"cache", "storage"').set('Location', exitUrl);
    response.status(303).end();
  });
  app.use(servePages(pages, openNow));
  app.use(serveAssets(build));
  app.use(serveNotFound(pages, openNow));
  app.use(answerError);
  return app;
}

/** Who sends slowly, or nothing, is let go. */
export const createHttpServer = (listener: RequestListener): Server =>
  createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 8000,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000
    },
    listener
  );

/**
 * Socket.IO answers its own path before Express is asked. Called after it has attached itself, this
 * gives those answers the same headers.
 */
export function headSocketAnswers(server: Server, https: boolean): void {
  const setHeaders = securityHeaders(https);
  server.prependListener('request', (request, response) => {
    if (request.url?.startsWith('/socket.io')) setHeaders(request, response, () => {});
  });
}

function onlyReading({ method }: Request, response: Response, next: NextFunction): void {
  if (method === 'GET' || method === 'HEAD') return next();
  response.status(405).set('Allow', 'GET, HEAD').json({ refusal: 'method-not-allowed' });
}

/** Express's own handler prints the stack, and with it what was sent. This one tells an error's name at most. */
function answerError(error: unknown, _: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  void next;
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status === 413) response.status(413).json({ refusal: 'request-too-large' });
  else if (status >= 400 && status < 500)
    response.status(400).json({ refusal: 'malformed-request' });
  else if (error instanceof StoreAway)
    response.status(503).set('Retry-After', '1').json({ refusal: 'not-now' });
  else {
    console.error(`A request could not be answered: ${codeOf(error)}`);
    response.status(500).json({ refusal: 'server-error' });
  }
}
