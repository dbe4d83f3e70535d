import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { CannotStart, codeOf } from '#server/store/durable/cannot-start.ts';

/** Serves `/metrics` on loopback, on a port of its own that no proxy forwards to. */
export async function serveMetrics(port: number, registry: Registry): Promise<Server> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const isKnown = request.method === 'GET' && request.url === '/metrics';
    const text = isKnown ? await registry.metrics() : '';
    response.writeHead(isKnown ? 200 : 404, {
      'Content-Type': registry.contentType,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff'
    });
    response.end(text);
  };
  const server = createServer(
    { requestTimeout: 8000 },
    (request, response) => void answer(request, response).catch(() => response.destroy())
  );
  await new Promise<void>((done, fail) => {
    server.once('error', (error) =>
      fail(
        new CannotStart(
          `Frirum cannot start: METRICS_PORT ${port} cannot be listened on (${codeOf(error)}). ` +
            'Set it to another port, or leave it out.'
        )
      )
    );
    server.listen(port, '127.0.0.1', done);
  });
  return server;
}
