import type { CDPSession, Page } from 'playwright-core';

/** A security key of software in this page's browser: it has its owner's finger on it, until told otherwise. */
export async function anAuthenticator(page: Page) {
  const protocol: CDPSession = await page.context().newCDPSession(page);
  await protocol.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true
    }
  });
  return {
    /** How many passkeys it holds. */
    count: async (): Promise<number> =>
      (await protocol.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    /** Whether its owner's finger is recognised. */
    verifies: (isUserVerified: boolean) =>
      protocol.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
  };
}
