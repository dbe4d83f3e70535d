import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** User present, user verified, and credential data attached. */
const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTACHED = 0x40;

interface Asked {
  readonly challenge: string;
}

/** A passkey in software: WebAuthn level 3 with ES256 and no attestation, enough to be believed by a server. */
export class Authenticator {
  readonly id = randomBytes(32);
  counter = 0;
  /** Whether it asks for a finger or a code. */
  verifies = true;
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = pair.privateKey;
    this.publicKey = pair.publicKey;
  }

  create({ challenge }: Asked, origin: string) {
    const { x = '', y = '' } = this.publicKey.export({ format: 'jwk' });
    const cose = isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y, 'base64url'))]
      ])
    );
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, cose]);
    const authData = Buffer.concat([this.data(origin, ATTACHED), credential]);
    const attestation = isoCBOR.encode(
      new Map<string, string | Uint8Array | Map<string, string>>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)]
      ])
    );
    return {
      ...this.named(),
      response: {
        clientDataJSON: text(this.clientData('webauthn.create', challenge, origin)),
        attestationObject: text(attestation),
        transports: ['internal']
      }
    };
  }

  get({ challenge }: Asked, origin: string) {
    this.counter += 1;
    const clientData = this.clientData('webauthn.get', challenge, origin);
    const data = this.data(origin);
    const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), this.privateKey);
    return {
      ...this.named(),
      response: {
        clientDataJSON: text(clientData),
        authenticatorData: text(data),
        signature: text(signature)
      }
    };
  }

  private named() {
    const id = text(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {} };
  }

  private clientData(type: string, challenge: string, origin: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  private data(origin: string, flags = 0): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const set = flags | PRESENT | (this.verifies ? VERIFIED : 0);
    return Buffer.concat([sha256(new URL(origin).hostname), Buffer.of(set), counter]);
  }
}
