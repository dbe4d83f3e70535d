import type { StaffRole } from '#shared/counsellor/role.ts';
import {
  deliverCertificate,
  inviteToTeam,
  listCertificateRequests,
  listTeam,
  resetPerson,
  resumePerson,
  revokeCertificate,
  suspendPerson,
  teamChanged,
  withdrawInvitation,
  type Person
} from '#shared/counsellor/team-calls.ts';
import { fromBase64Url } from '#shared/wire/bytes.ts';
import type { Call, RequestOf } from '#shared/wire/define-call.ts';
import { keyCode } from '../keys/key-code.ts';
import { Session } from '../sign-in/session.svelte.ts';
import { StepUp } from '../sign-in/step-up.svelte.ts';
import { Line, signedInAgain, type Asked } from '../wire/line.ts';
import { daysUntil } from './days.ts';
import { Signing } from './signing.svelte.ts';
import type { Awaited, NewInvitation, TeamAct, TeamView } from './view.ts';

/** Milliseconds: a new session is a new line, which comes up within this or not at all. */
const lineWithin = 8_000;

/** The team, its invitations and its certificates, for a lead. */
export class TeamState implements TeamView {
  readonly session = new Session(() => this.#arrived());
  readonly stepUp = new StepUp();
  #connected = $state(false);
  #people = $state.raw<readonly Person[] | null>(null);
  #you = $state<string | null>(null);
  #requests = $state.raw<readonly Awaited[]>([]);
  #refusal = $state<string | null>(null);
  #isBusy = $state(false);
  #invitation = $state.raw<NewInvitation | null>(null);
  readonly #signing = new Signing();
  #line: Line | null = null;

  get connected(): boolean {
    return this.#connected;
  }
  get people(): readonly Person[] | null {
    return this.#people;
  }
  get you(): string | null {
    return this.#you;
  }
  get requests(): readonly Awaited[] {
    return this.#requests;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get invitation(): NewInvitation | null {
    return this.#invitation;
  }
  get rootKey(): TeamView['rootKey'] {
    return this.#signing.state;
  }
  get signing(): TeamView['signing'] {
    return this.#signing.progress;
  }
  get signed(): number | null {
    return this.#signing.signed;
  }

  async invite(shownName: string, role: StaffRole): Promise<boolean> {
    const answer = await this.#askSurely(inviteToTeam, { shownName, role });
    if (answer.ok) this.#invited(shownName, answer.value);
    return answer.ok;
  }

  invitationSeen(): void {
    this.#invitation = null;
  }

  act(act: TeamAct, person: Person): void {
    void this.#act(act, person);
  }

  openRootKey(file: Blob): void {
    void this.#signing.open(file);
  }

  forgetRootKey(): void {
    this.#signing.forget();
  }

  sign(requests: readonly Awaited[]): void {
    void this.#sign(requests);
  }

  signOut(): void {
    this.close();
    this.#line = null;
    this.#people = null;
    this.#requests = [];
    this.#invitation = null;
    void this.session.signOut();
  }

  close(): void {
    this.#signing.forget();
    this.#line?.close();
  }

  #arrived(): void {
    if (this.#line) dispatchEvent(new Event(signedInAgain));
    else this.#open();
  }

  #open(): void {
    const line = new Line('staff');
    this.#line = line;
    line.onState((isUp, refusal) => {
      this.#connected = isUp;
      if (isUp) void this.#look();
      if (refusal === 'not-signed-in') void this.session.signedOut();
    });
    line.hear(teamChanged, () => void this.#look());
    line.open();
  }

  async #look(): Promise<void> {
    const [team, awaited] = await Promise.all([
      this.#ask(listTeam, {}),
      this.#ask(listCertificateRequests, {})
    ]);
    if (!team.ok || !awaited.ok) return;
    const people = team.value.people;
    this.#people = people;
    this.#you = team.value.you;
    this.#requests = await Promise.all(
      awaited.value.requests.map(async (request) => {
        const ends = people.find(({ id }) => id === request.account)?.certificate.expiresDay;
        return {
          ...request,
          code: await keyCode(fromBase64Url(request.publicKey) ?? new Uint8Array()),
          daysLeft: request.isRenewal && ends != null ? daysUntil(ends, Date.now()) : null
        };
      })
    );
  }

  async #act(act: TeamAct, { id, shownName }: Person): Promise<void> {
    if (act === 'withdraw') await this.#askSurely(withdrawInvitation, { id });
    else if (act === 'suspend') await this.#askSurely(suspendPerson, { id });
    else if (act === 'resume') await this.#askSurely(resumePerson, { id });
    else if (act === 'revoke') await this.#askSurely(revokeCertificate, { account: id });
    else {
      const answer = await this.#askSurely(resetPerson, { id });
      if (answer.ok) this.#invited(shownName, answer.value);
    }
    await this.#look();
  }

  #invited(name: string, { link, expires }: { link: string; expires: number }): void {
    this.#invitation = { name, link: new URL(link, location.origin).href, expires };
    void this.#look();
  }

  async #sign(requests: readonly Awaited[]): Promise<void> {
    this.#refusal = null;
    this.#refusal = await this.#signing.sign(requests, async (certificate) => {
      const answer = await this.#ask(deliverCertificate, certificate);
      return answer.ok ? null : answer.refusal;
    });
    await this.#look();
  }

  /** Asks; where the house wants to know first whether it is still the same person, asks that and then again. */
  async #askSurely<C extends Call>(call: C, request: RequestOf<C>): Promise<Asked<C>> {
    this.#isBusy = true;
    this.#refusal = null;
    let answer = await this.#ask(call, request);
    if (!answer.ok && answer.refusal === 'step-up-needed' && (await this.stepUp.need())) {
      // The proof comes with a session of its own, and that with a line of its own.
      this.#line?.renew();
      await this.#lineIsUp();
      answer = await this.#ask(call, request);
    }
    this.#isBusy = false;
    if (!answer.ok && answer.refusal !== 'step-up-needed') this.#refusal = answer.refusal;
    return answer;
  }

  async #ask<C extends Call>(call: C, request: RequestOf<C>): Promise<Asked<C>> {
    return this.#line ? this.#line.ask(call, request) : { ok: false, refusal: 'line-down' };
  }

  async #lineIsUp(): Promise<void> {
    const until = Date.now() + lineWithin;
    while (!this.#line?.isUp && Date.now() < until)
      await new Promise((later) => setTimeout(later, 50));
  }
}
