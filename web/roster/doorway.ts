import type { Payload } from '#shared/conversation/payload.ts';
import type { Member } from '#shared/crypto/roster.ts';
import { offerHandOver, withdrawOffer } from '#shared/roster/calls.ts';
import type { Guest, MemberId } from '#shared/roster/payload.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import { begin } from '../conversation/kept.ts';
import type { Pair } from '../conversation/pair.svelte.ts';
import type { Circle } from './circle.svelte.ts';
import type { Host } from './host.svelte.ts';
import { readLink, writeLink } from './link.ts';
import { Lobby } from './lobby.ts';
import { randomId } from './member-id.ts';
import type { ColleagueView, ProposalView } from './view.ts';

/** Somebody who is on the way in: the pair is being secured. */
export interface Coming {
  readonly id: MemberId;
  readonly role: Member['role'];
  readonly name: string;
  readonly pair: Pair;
  /** What a colleague is called on the server; null for everybody else. */
  readonly colleague: string | null;
  readonly takesOver: boolean;
}

/** The ways in to a conversation, as its counsellor opens them: a link, or a colleague who is asked. */
export class Doorway {
  readonly #circle: Circle;
  readonly #host: Host;
  #lobby: Lobby | null = null;
  #offer: string | null = null;
  coming: Coming | null = null;

  constructor(circle: Circle, host: Host) {
    this.#circle = circle;
    this.#host = host;
  }

  /** Both have agreed. */
  async open({ who, writes }: ProposalView, colleague: ColleagueView | null): Promise<void> {
    if (who === 'parent' || who === 'interpreter') await this.#invite(who, writes);
    else if (colleague) await this.#ask(who, colleague);
  }

  takeBack(): void {
    const { line, team } = this.#circle.talk.parts;
    this.close();
    const id = this.#offer;
    if (!id) return;
    this.#offer = null;
    void line.ask(withdrawOffer, { id });
    team?.forget(id);
  }

  /** After a reload the visitor's page tells the link again, and with it the secret. */
  recover(link: string, who: Guest): void {
    const { lobby } = this.#circle.kept;
    const invitation = readLink(link);
    if (this.#lobby || !lobby || !invitation) return;
    this.#openLobby(lobby.conversation, lobby.capability, invitation.secret, who);
    this.#circle.proposals.show({ link, who });
  }

  /** The link leads nowhere any more. */
  close(): void {
    void this.#lobby?.close();
    this.#lobby = null;
    const { talk, kept } = this.#circle;
    if (kept.lobby && !talk.isOver) this.#circle.remember({ lobby: null });
  }

  async #invite(who: Guest, writes: readonly Language[]): Promise<void> {
    const room = await this.#host.room('me');
    if (!room) return this.#cannot();
    const secret = crypto.getRandomValues(new Uint8Array(32));
    this.#circle.remember({
      lobby: { conversation: room.conversation, capability: room.answering, who }
    });
    this.#openLobby(room.conversation, room.answering, secret, who);
    const page = location.origin + location.pathname.replace(/\/desk.*$/, '/chat');
    const between = writes.length > 0 ? [this.#circle.talk.visitor.language, ...writes] : [];
    const interprets = who === 'interpreter' ? between : null;
    const link = writeLink(page, { secret, capability: room.asking, interprets });
    this.#circle.proposals.show({ link, who });
  }

  #openLobby(conversation: string, capability: string, secret: Uint8Array, who: Guest): void {
    const { talk, kept } = this.#circle;
    const pair = {
      of: kept.of,
      role: 'counsellor',
      member: null,
      side: 'third',
      joined: 0
    } as const;
    this.#lobby = new Lobby({
      kept: { ...begin(conversation, capability, talk.visitor, true), pair },
      line: talk.parts.newLine(),
      openKeys: (mine) => talk.parts.openKeys(mine, secret),
      side: 'third',
      onHeard: (payload) => void this.#heard(payload, who),
      onGone: () => this.#gone()
    });
  }

  /** The invited person went away before they were in. */
  #gone(): void {
    this.#lobby = null;
    if (this.coming) return;
    this.close();
    this.#circle.proposals.show(null);
    this.#circle.notesOf.add('link-over');
  }

  /** Somebody has used the link: from the lobby they come into a room of their own. */
  async #heard(payload: Payload, who: Guest): Promise<void> {
    if (payload.kind !== 'introduction' || this.coming || !this.#lobby) return;
    const room = await this.#host.room('me');
    if (!room) return this.#cannot();
    const invitation = crypto.getRandomValues(new Uint8Array(32));
    const role = who === 'interpreter' ? 'interpreter' : 'parent';
    const coming = { role, name: payload.name, colleague: null, takesOver: false } as const;
    this.#expect(room.conversation, room.answering, coming, invitation);
    this.#lobby?.tell({
      kind: 'pair-introduced',
      member: this.#host.own,
      of: this.#circle.kept.of,
      conversation: room.conversation,
      capability: room.asking,
      invitation: toBase64Url(invitation),
      certified: true,
      asking: true
    });
  }

  async #ask(who: Guest, colleague: ColleagueView): Promise<void> {
    const { talk } = this.#circle;
    const { line, team } = talk.parts;
    const answer = await line.ask(offerHandOver, {
      capability: talk.kept.capability,
      to: colleague.id,
      purpose: who === 'hand-over' ? 'hand-over' : 'second'
    });
    if (!answer.ok || !team) return this.#cannot();
    const { id } = answer.value;
    this.#offer = id;
    const pair = await team.answerTo(id);
    const isTakenBack = this.#offer !== id;
    this.#offer = null;
    if (talk.isOver || isTakenBack) return;
    if (!pair) {
      this.#circle.proposals.fail();
      return this.#circle.notesOf.add('no-answer', colleague.name);
    }
    this.#expect(pair.conversation, pair.capability, {
      role: 'counsellor',
      name: colleague.name,
      colleague: colleague.id,
      takesOver: who === 'hand-over'
    });
  }

  #expect(
    conversation: string,
    capability: string,
    coming: Omit<Coming, 'id' | 'pair'>,
    invitation?: Uint8Array
  ): void {
    const { talk, kept, epoch } = this.#circle;
    const id = randomId();
    const isColleague = coming.role === 'counsellor';
    const side = isColleague ? 'counsellor' : 'third';
    const role = isColleague ? 'visitor' : 'counsellor';
    const joined = epoch + 1;
    const made = {
      ...begin(conversation, capability, talk.visitor, true),
      pair: { of: kept.of, role, member: id, side, joined } as const
    };
    this.coming = { ...coming, id, pair: talk.pairs.open(made, side, { joined, invitation }) };
  }

  #cannot(): void {
    this.#circle.proposals.fail();
    this.#circle.notesOf.add('cannot');
  }
}
