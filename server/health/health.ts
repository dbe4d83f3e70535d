import express, { type Request, type Response, type Router } from 'express';

/** `/healthz`: the process lives. `/readyz`: it can serve; otherwise 503 and what is in the way. */
export function healthRoutes(notReady: () => string | null): Router {
  const routes = express.Router();
  routes.get('/healthz', (_: Request, response: Response) => {
    response.type('text').send('alive\n');
  });
  routes.get('/readyz', (_: Request, response: Response) => {
    const reason = notReady();
    if (reason === null) response.type('text').send('ready\n');
    else response.status(503).type('text').send(`${reason}\n`);
  });
  return routes;
}
