import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '#server/setup/set-up.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { ServerProcess } from './server-process.ts';

/** A service that was set up as in production, on loopback: the root key is in a file, and not with it. */
export interface StaffHouse {
  readonly server: ServerProcess;
  /** Where the first lead's invitation leads. */
  readonly link: string;
  /** Its database, for a test to look into or to age. */
  readonly database: string;
  /** The file with the root key. */
  readonly keyFile: string;
  remove(): Promise<void>;
}

export async function aStaffHouse(organisation = 'Aarhus Kommune'): Promise<StaffHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'frirum-house-'));
  const keyFile = join(folder, 'frirum-root-key.txt');
  const path = await setUpIn(join(folder, 'data'), keyFile, organisation);
  const server = await ServerProcess.start({ FRIRUM_DATA: join(folder, 'data') });
  return {
    server,
    link: server.origin + path,
    database: join(folder, 'data', 'frirum.sqlite'),
    keyFile,
    remove: async () => {
      await server.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** The key file of an organisation that this house does not know. */
export async function anotherKeyFile(): Promise<{ name: string; content: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'frirum-other-'));
  const keyFile = join(folder, 'key.txt');
  await setUpIn(join(folder, 'data'), keyFile, 'Et andet sted');
  const content = readFileSync(keyFile, 'utf8');
  rmSync(folder, { recursive: true, force: true });
  return { name: 'key.txt', content };
}

async function setUpIn(folder: string, keyFile: string, organisation: string): Promise<string> {
  const store = openEmbedded(folder);
  const path = await setUp({
    folder,
    store,
    organisation,
    lead: 'Karen',
    keyFile,
    now: Date.now()
  });
  await store.close();
  return path;
}
