import sodium, { type StateAddress } from 'libsodium-wrappers';

/** The browser could not run libsodium: wasm is blocked or the chunk did not arrive whole. */
export class SodiumCannotLoad extends Error {
  override readonly name = 'SodiumCannotLoad';
}

/**
 * Wait until libsodium can be called. Everything else in this folder assumes that it has been awaited.
 * @throws SodiumCannotLoad — the caller says it in words a person understands, and sends nothing.
 */
export async function loadSodium(): Promise<void> {
  try {
    await sodium.ready;
  } catch (cause) {
    throw new SodiumCannotLoad('libsodium cannot be loaded', { cause });
  }
}

/** The wasm heap as the wrapper keeps it; the package's types leave it out. */
type Heap = { libsodium: { HEAPU8: Uint8Array; _free(address: number): void } };

// crypto_secretstream_xchacha20poly1305_statebytes(): the wrapper allocates 52 and never frees them.
const STREAM_STATE_BYTES = 52;

/** Overwrite and free one secretstream state. The state must not be used again. */
export function forgetStreamState(state: StateAddress): void {
  // The wrapper's types say {name, address}; what it hands out is the address itself.
  const address: unknown = state;
  if (typeof address !== 'number') return;
  const { libsodium } = sodium as unknown as Heap;
  libsodium.HEAPU8.fill(0, address, address + STREAM_STATE_BYTES);
  libsodium._free(address);
}

export { sodium, type StateAddress };
