import { createHmac } from 'node:crypto';

/** What a conversation is called in what is written down: HMAC-SHA256 under the server's secret, 32 bytes. */
export const conversationName = (secret: Uint8Array, conversation: string): Uint8Array =>
  new Uint8Array(
    createHmac('sha256', secret).update('frirum clip conversation').update(conversation).digest()
  );
