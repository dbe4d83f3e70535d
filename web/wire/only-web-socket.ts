import type { Plugin } from 'vite';

/** engine.io-client also brings polling and WebTransport, which this house does not offer. */
export function onlyWebSocket(): Plugin {
  return {
    name: 'frirum-only-web-socket',
    transform: {
      filter: { id: /\/engine\.io-client\/build\/esm\/transports\/index\.js$/ },
      handler: () =>
        `import { WS } from './websocket.js'; export const transports = { websocket: WS };`
    }
  };
}
