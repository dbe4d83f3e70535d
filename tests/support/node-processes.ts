import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer } from './redis.ts';
import { ServerProcess } from './server-process.ts';

/** A process of one node, and what a person has to know to get in. */
export interface NodeProcess {
  readonly server: ServerProcess;
  readonly origin: string;
  readonly password: (signIn: string) => string;
}

/** What one node is started with, beside what all have. @param data the folder of the house */
type Environment = (data: string) => Record<string, string>;

/** Nodes of one service, each a process of its own, on two real Redis; an environment for each. */
export async function nodeProcesses(environments: readonly Environment[]) {
  const data = mkdtempSync(join(tmpdir(), 'frirum-'));
  const [volatile, durable] = await Promise.all([
    RedisServer.start('volatile'),
    RedisServer.start('durable')
  ]);
  const urls = { REDIS_VOLATILE_URL: volatile.url, REDIS_DURABLE_URL: durable.url };
  const password = (signIn: string): string => {
    const { accounts } = JSON.parse(readFileSync(join(data, 'try-out.json'), 'utf8'));
    return accounts.find((one: { signIn: string }) => one.signIn === signIn).password;
  };
  const start = async (environment: Environment): Promise<NodeProcess> => {
    const server = await ServerProcess.start({
      FRIRUM_DATA: data,
      ...urls,
      ...environment(data)
    });
    return { server, origin: server.origin, password };
  };
  // The first one alone: it makes the house that the others come into.
  const [first = () => ({}), ...rest] = environments;
  const nodes = [await start(first), ...(await Promise.all(rest.map(start)))];
  return {
    nodes,
    data,
    urls,
    stop: async () => {
      await Promise.all(nodes.map(({ server }) => server.remove()));
      await Promise.all([volatile.close(), durable.close()]);
      rmSync(data, { recursive: true, force: true });
    }
  };
}
