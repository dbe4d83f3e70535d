import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestCertificate } from '#shared/counsellor/calls.ts';
import type { StaffRole } from '#shared/counsellor/role.ts';
import {
  deliverCertificate,
  inviteToTeam,
  listCertificateRequests,
  type CertificateRequest
} from '#shared/counsellor/team-calls.ts';
import { createOrganisationKey, issueCertificate } from '#shared/crypto/certificate.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { setUp } from '#server/setup/set-up.ts';
import { defaultLimits } from '#server/wire/limits.ts';
import { startApp } from '#tests/support/app.ts';
import { openDurable } from '#tests/support/durable.ts';
import { connect, valueOf, type Person } from '#tests/support/people.ts';
import { Authenticator } from './authenticator.ts';

export const day = 86_400_000;

/** A service that was set up: the root key is in a file, and nobody is signed for them. */
export type Team = Awaited<ReturnType<typeof aTeam>>;

export async function aTeam() {
  const data = mkdtempSync(join(tmpdir(), 'frirum-team-'));
  const keyFile = join(data, 'root-key-of-the-lead.txt');
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead };
  const store = await openDurable(data);
  const link = await setUp({
    folder: data,
    store,
    organisation: 'Ungecentret',
    lead: 'Karen',
    keyFile,
    now: clock.now()
  });
  await store.close();
  // A test asks faster than a person.
  const limits = { ...defaultLimits, rate: 1000, burst: 1000 };
  const app = await startApp({ data, clock, limits });
  const origin = `http://localhost:${app.port}`;
  const rootKey = new Uint8Array(
    Buffer.from(readFileSync(keyFile, 'utf8').split('\n').at(-2) ?? '', 'hex')
  );

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${app.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, ...headers },
      body: JSON.stringify(body)
    });
  const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

  const signIn = async (passkey: Authenticator) => {
    const asked = await (await post('/desk/passkey/options', {})).json();
    return post('/desk/passkey/sign-in', { response: passkey.get(asked, origin) });
  };
  const stepUp = async (passkey: Authenticator, cookie: string) => {
    const asked = await (await post('/desk/passkey/options', {})).json();
    const answer = await post('/desk/step-up', { passkey: passkey.get(asked, origin) }, { cookie });
    return { answer, cookie: cookieOf(answer) };
  };

  /** Accepts an invitation with a passkey, and comes to the desk. */
  const joinBy = async (link: string, name: string) => {
    const token = link.split('#')[1] ?? '';
    const passkey = new Authenticator();
    const asked = await (await post('/desk/invitation/passkey-options', { token, name })).json();
    const answer = await post('/desk/invitation/accept', {
      token,
      name,
      passkey: passkey.create(asked, origin)
    });
    if (answer.status !== 200) throw new Error(`not accepted: ${await answer.text()}`);
    const { recoveryCodes } = (await answer.json()) as { recoveryCodes: string[] };
    const cookie = cookieOf(answer);
    const desk = await connect(app, { cookie, as: 'staff' });
    return { name, token, passkey, recoveryCodes, cookie, desk };
  };

  const lead = await joinBy(link, 'karen');
  /** The lead, who has proved just now that it is she. */
  const freshLead = async () => {
    const { cookie } = await stepUp(lead.passkey, lead.cookie);
    lead.cookie = cookie;
    return lead.desk;
  };

  return {
    app,
    data,
    clock,
    origin,
    rootKey,
    lead,
    post,
    cookieOf,
    signIn,
    stepUp,
    freshLead,
    join: joinBy,
    invite: async (shownName: string, role: StaffRole = 'counsellor') =>
      valueOf((await freshLead()).ask(inviteToTeam, { shownName, role })),
    async member(name: string, role: StaffRole = 'counsellor') {
      const { id, link } = await this.invite(name, role);
      return { ...(await joinBy(link, name.toLowerCase())), id };
    },
    /** Signs as the lead's browser does, with the root key or another one. */
    sign: ({ role, publicKey, days }: CertificateRequest, change: { key?: Uint8Array } = {}) =>
      issueCertificate({
        organisationSecretKey: change.key ?? rootKey,
        role,
        publicKey: fromBase64Url(publicKey) ?? new Uint8Array(),
        notBefore: clock.now() - 3_600_000,
        expires: clock.now() - 3_600_000 + days * day
      }),
    /** Asks for a certificate and has it signed. */
    async certify({ desk }: { desk: Person }) {
      const { publicKey } = await createOrganisationKey();
      const key = toBase64Url(publicKey);
      await desk.ask(requestCertificate, { publicKey: key });
      const { requests } = await valueOf(lead.desk.ask(listCertificateRequests, {}));
      for (const request of requests) {
        const certificate = toBase64Url(await this.sign(request));
        await valueOf(lead.desk.ask(deliverCertificate, { id: request.id, certificate }));
      }
      return key;
    },
    async stop() {
      await app.stop();
      rmSync(data, { recursive: true, force: true });
    }
  };
}
