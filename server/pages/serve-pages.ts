import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { pagePermissions } from './headers.ts';
import type { Pages } from './load-pages.ts';
import type { OpenNow, ReadyPage } from './page.ts';

/** Sends the page of a path. `/chat/` is sent to `/chat`, so that every page has one address. */
export function servePages(pages: Pages, openNow: () => OpenNow): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const { path } = request;
    const page = pages.byPath.get(path);
    if (page) {
      response.set('Permissions-Policy', pagePermissions(path));
      send(page.at(openNow()), 200, request, response).catch(next);
      return;
    }
    const without = path.replace(/\/+$/, '');
    if (without !== path && pages.byPath.has(without)) {
      response.status(308).set('Location', without).end();
      return;
    }
    next();
  };
}

/** The last answer to a path nobody knows. */
export function serveNotFound(pages: Pages, openNow: () => OpenNow): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (pages.notFound) send(pages.notFound.at(openNow()), 404, request, response).catch(next);
    else response.status(404).type('text').send('Siden findes ikke. There is no such page.\n');
  };
}

async function send(
  page: ReadyPage,
  status: number,
  request: Request,
  response: Response
): Promise<void> {
  const accepted = request.acceptsEncodings(['br', 'gzip', 'identity']);
  const encoding = accepted === 'br' || accepted === 'gzip' ? accepted : 'identity';
  const body = await page.body(encoding);
  response.status(status).set({
    'Content-Security-Policy': page.policy,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': String(body.length),
    Vary: 'Accept-Encoding'
  });
  if (encoding !== 'identity') response.set('Content-Encoding', encoding);
  response.end(request.method === 'HEAD' ? undefined : body);
}
