import type { NextFunction, Request, RequestHandler, Response } from 'express';
import sirv from 'sirv';
import { closedPolicy, shellPolicy, workerPolicy } from './content-policy.ts';

/** Everything of the build that is not a page; files that carry a hash in their name may stay for good. */
export function serveAssets(build: string): RequestHandler {
  const files = sirv(build, {
    extensions: [],
    brotli: true,
    gzip: true,
    setHeaders(response, path) {
      const isWorker = path.startsWith('/_app/immutable/workers/');
      const policy = isWorker ? workerPolicy : path === '/shell.js' ? shellPolicy : closedPolicy;
      response.setHeader('Content-Security-Policy', policy);
      response.setHeader(
        'Cache-Control',
        path.startsWith('/_app/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache'
      );
    }
  });
  return (request: Request, response: Response, next: NextFunction) => {
    // Pages are sent with their tokens filled in, never as they lie in the build.
    if (/%|\.(?:html|br|gz)$/.test(request.path)) return next();
    // No file is large enough for a part of it to be worth anything, and odd ranges cannot go wrong.
    delete request.headers.range;
    files(request, response, next);
  };
}
