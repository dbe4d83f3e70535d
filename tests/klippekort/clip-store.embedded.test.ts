import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { clipStoreContract, type ClipStoreUnderTest } from './clip-store-contract.ts';

async function openIn(folder: string): Promise<ClipStoreUnderTest> {
  const durable = openEmbedded(folder);
  return {
    clips: durable.clips,
    reopen: async () => {
      await durable.close();
      return openIn(folder);
    },
    remove: async () => {
      await durable.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

clipStoreContract('the embedded store', () => openIn(mkdtempSync(join(tmpdir(), 'frirum-clips-'))));
