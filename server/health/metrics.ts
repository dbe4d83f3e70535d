import { createServer, type Server } from 'node:http';
import { CannotStart, codeOf } from '#server/store/durable/cannot-start.ts';

/** One number about the whole server. There are no labels: a label could say who. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  read(): number;
}

/** The text format of Prometheus, version 0.0.4. */
export const exposition = (gauges: readonly Gauge[]): string =>
  gauges
    .map((g) => `# HELP ${g.name} ${g.help}\n# TYPE ${g.name} gauge\n${g.name} ${g.read()}\n`)
    .join('');

/** Serves `/metrics` on loopback, on a port of its own that no proxy forwards to. */
export async function serveMetrics(port: number, gauges: readonly Gauge[]): Promise<Server> {
  const server = createServer({ requestTimeout: 8000 }, (request, response) => {
    const isKnown = request.method === 'GET' && request.url === '/metrics';
    response.writeHead(isKnown ? 200 : 404, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff'
    });
    response.end(isKnown ? exposition(gauges) : '');
  });
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
