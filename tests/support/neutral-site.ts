import { generateKeyPairSync, sign } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface NeutralSite {
  /** Ends with a slash, as a setting of the quick exit. */
  readonly url: string;
  /** The headers of every page that was asked for. */
  readonly visits: IncomingHttpHeaders[];
  /** From now on pages are not answered until `release`. */
  hold(): void;
  release(): void;
  stop(): Promise<void>;
}

/** The site that the quick exit leads to: real https on loopback, so that what it hears is the truth. */
export async function aNeutralSite(): Promise<NeutralSite> {
  const visits: IncomingHttpHeaders[] = [];
  let open = Promise.resolve();
  let release = () => {};
  const server = createServer(aCertificate(), (request, response) => {
    if (request.url === '/') visits.push(request.headers);
    response.setHeader('content-type', 'text/html');
    void open.then(() =>
      response.end('<!doctype html><title>Vejret</title><link rel="icon" href="data:,"><p>Sol</p>')
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/`,
    visits,
    hold: () => void (open = new Promise((resolve) => (release = resolve))),
    release: () => release(),
    stop: async () => {
      release();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}

/** A certificate nobody signed but itself (RFC 5280, 4.1), for as long as the test lives. */
export function aCertificate(): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const commonName = der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, 'localhost'));
  const name = der(0x30, der(0x31, commonName));
  const names = [der(0x82, 'localhost'), der(0x87, Buffer.of(127, 0, 0, 1))];
  const content = der(
    0x30,
    der(0xa0, Buffer.from('020102', 'hex')),
    Buffer.from('020101', 'hex'),
    ecdsaWithSha256,
    name,
    der(0x30, der(0x17, '200101000000Z'), der(0x17, '491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      der(0x30, der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, der(0x30, ...names))))
    )
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', content, privateKey));
  const whole = der(0x30, content, ecdsaWithSha256, signature);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`
  };
}

function der(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
