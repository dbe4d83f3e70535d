import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EpochKey } from '#shared/crypto/clip-manifest.ts';
import { createClipWork, type ClipWork } from '#shared/crypto/clip-work.ts';
import { recordDecision } from '#shared/klippekort/calls.ts';
import {
  noKlippekort,
  readKlippekort,
  writeKlippekort,
  type Klippekort as Card
} from '#shared/klippekort/card.ts';
import { CardHolder } from '#shared/klippekort/card-holder.ts';
import type { At } from '#shared/klippekort/moves.ts';
import { defaultRule, type Decision, type Rule } from '#shared/klippekort/rule.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { Answer, AnswerOf, Call, RequestOf } from '#shared/wire/define-call.ts';
import { issueCapability, readCapability } from '#server/conversation/capability.ts';
import { runJob } from '#server/klippekort/evaluation-job.ts';
import type { Evaluator } from '#server/klippekort/evaluation-pool.ts';
import { createKlippekort, type Klippekort } from '#server/klippekort/klippekort.ts';
import type { Clips } from '#server/store/durable/clips.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { embeddedHouse } from '#server/store/volatile/embedded-house.ts';
import type { Connection } from '#server/wire/connection.ts';

/** Thousands of stories are told over a file; what a disk does is tried elsewhere. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export const young: Visitor = { kind: 'young', age: 'under-18', language: 'da' };

/** Evaluates on this thread; what the pool does is tested by itself. */
export const evaluateHere: Evaluator = {
  evaluate: async (order) => {
    const result = runJob({ kind: 'evaluate', ...order });
    return typeof result === 'string' ? null : result;
  },
  check: async (order) => {
    const result = runJob({ kind: 'check', ...order });
    return typeof result === 'string' ? result : 'wrong-tag';
  },
  close: async () => {}
};

interface Options {
  readonly evaluator?: Evaluator;
  readonly work?: ClipWork;
  readonly rule?: Rule;
  readonly now?: number;
  readonly floor?: number;
  /** Stands between the handlers and the store. */
  readonly around?: (clips: Clips) => Clips;
}

export interface Conversation extends At {
  readonly counsellor: string;
}

/** The klippekort's side of a service, with its own store; what becomes of a conversation is said by the test. */
export class AService {
  readonly outcomes = new Map<string, 'open' | 'took-place' | 'did-not'>();
  readonly held = new Map<string, Stage>();
  private readonly ended = new Set<string>();
  /** Everything that was sent and answered, as it was on the wire. */
  readonly traffic: { conversation: string | null; text: string }[] = [];
  readonly folder = mkdtempSync(join(memory, 'frirum-clips-'));
  readonly clock: { now(): number };
  readonly secret = randomBytes(32);
  readonly rule: Rule;
  now: number;
  keys: readonly EpochKey[] = [];
  private readonly options: Options;
  private durable = openEmbedded(this.folder);
  private office: Klippekort;

  private constructor(options: Options) {
    this.options = options;
    this.now = options.now ?? Date.UTC(2026, 10, 21, 9);
    this.rule = options.rule ?? defaultRule;
    this.clock = { now: () => this.now };
    this.office = this.open();
  }

  static async start(options: Options = {}): Promise<AService> {
    const service = new AService(options);
    await service.readKeys();
    return service;
  }

  get clips(): Clips {
    return this.durable.clips;
  }

  async readKeys(): Promise<void> {
    this.keys = await this.office.publicKeys();
  }

  /** A new conversation of somebody; nobody has written yet. */
  begin(visitor: Visitor = young): Conversation {
    const conversation = randomBytes(16).toString('base64url');
    this.outcomes.set(conversation, 'open');
    const content = { conversation, visitor, since: Math.floor(this.now / 1000), turn: 0 };
    const token = (role: 'visitor' | 'counsellor') =>
      issueCapability({ ...content, role, account: null, of: null }, this.secret);
    return { conversation, capability: token('visitor'), counsellor: token('counsellor') };
  }

  becomes({ conversation }: At, outcome: 'took-place' | 'did-not'): void {
    this.outcomes.set(conversation, outcome);
  }

  /** Nothing more can be said in it. */
  async over(at: At): Promise<void> {
    if (this.outcomes.get(at.conversation) === 'open') this.becomes(at, 'did-not');
    this.ended.add(at.conversation);
    await this.office.conversationOver(at.conversation);
  }

  /** Both say the same. */
  async bothDecide(at: Conversation, decision: Decision): Promise<void> {
    for (const capability of [at.capability, at.counsellor])
      await this.ask(recordDecision, { capability, decision });
  }

  /** Asks as a socket does: through JSON both ways, checked by the door. */
  ask = <C extends Call>(call: C, request: RequestOf<C>): Promise<AnswerOf<C>> =>
    this.askRaw(call.name, request);

  async askRaw(name: string, request: unknown): Promise<Answer<unknown, string>> {
    const sent = JSON.stringify(request);
    const served = this.office.served.find(({ call }) => call.name === name);
    if (!served) throw new Error(`nobody serves ${name}`);
    const answer = JSON.stringify(await served.answer(JSON.parse(sent), nobody));
    this.traffic.push({ conversation: this.speaking, text: `${name} ${sent}\n${answer}` });
    return JSON.parse(answer);
  }

  /** Notes in whose conversation what follows is said. */
  speaking: string | null = null;

  spentList = (): Promise<Uint8Array> => this.office.spentList();
  tidy = (): Promise<void> => this.office.tidy();

  device(state: Card = noKlippekort): ADevice {
    return new ADevice(this, this.options.work ?? createClipWork(), state);
  }

  /** The process dies and comes back over the same file. */
  async restart(): Promise<void> {
    await this.durable.close();
    this.durable = openEmbedded(this.folder);
    this.office = this.open();
  }

  async stop(): Promise<void> {
    await this.office.close();
    await this.durable.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private open() {
    const around = this.options.around ?? ((clips: Clips) => clips);
    return createKlippekort({
      clips: around(this.durable.clips),
      secret: this.secret,
      clock: { now: () => this.now },
      evaluator: this.options.evaluator ?? evaluateHere,
      allowance: embeddedHouse({ now: () => this.now }).allowance,
      rule: this.rule,
      service: 'frirum',
      readCapability: (token) => readCapability(token, this.secret, this.now / 1000),
      tookPlace: async (conversation) => this.outcomes.get(conversation) ?? 'did-not',
      isOver: async (conversation) => this.ended.has(conversation),
      onHeld: (conversation, stage) => this.held.set(conversation, stage),
      floor: this.options.floor ?? 0
    });
  }
}

/** The handlers hand the connection on and look at nothing of it. */
const nobody = {} as Connection;

/** A device with its storage: text, as a browser keeps it. */
export class ADevice {
  stored: string;
  /** Called before and after each write and each call: throws where the test wants the line or the page to break. */
  fault: (at: string) => void = () => {};
  keys: () => readonly EpochKey[];
  list: () => Promise<Uint8Array | null>;
  /** What the server is asked and what comes back, to be changed on the way. */
  request: (name: string, sent: Record<string, unknown>) => unknown = (_, sent) => sent;
  answer: (name: string, answer: Answer<unknown, string>) => unknown = (_, answer) => answer;
  holder: CardHolder;
  private readonly service: AService;
  private readonly work: ClipWork;

  constructor(service: AService, work: ClipWork, state: Card) {
    this.service = service;
    this.work = work;
    this.stored = writeKlippekort(state);
    this.keys = () =>
      service.keys.filter(({ epoch }) => epoch <= new Date(service.now).getUTCFullYear());
    this.list = service.spentList;
    this.holder = this.open();
  }

  get state(): Card {
    return readKlippekort(this.stored) ?? noKlippekort;
  }

  /** The page is gone; a new one reads what is stored. */
  reload(): void {
    this.holder = this.open();
  }

  private open(): CardHolder {
    return new CardHolder(
      {
        ask: async (call, request) => {
          this.fault(`before ${call.name}`);
          const sent = this.request(call.name, request as Record<string, unknown>);
          const answer = await this.service.askRaw(call.name, sent);
          this.fault(`after ${call.name}`);
          return this.answer(call.name, answer) as AnswerOf<typeof call>;
        },
        keep: async (klippekort) => {
          this.fault('before keep');
          this.stored = writeKlippekort(klippekort);
          this.fault('after keep');
        },
        work: this.work,
        service: 'frirum',
        rule: this.service.rule,
        keys: () => this.keys(),
        spentList: () => this.list(),
        now: () => this.service.now
      },
      this.state
    );
  }
}

/** A device whose first conversation took place, with its card. */
export async function aDeviceWithCard(service: AService): Promise<ADevice> {
  const device = service.device();
  const first = service.begin();
  service.becomes(first, 'took-place');
  const came = await device.holder.requestCard(first, 'young-under-18');
  if (!came.ok) throw new Error(came.refusal);
  await service.over(first);
  return device;
}

/** A conversation for one clip, to its end. @returns it */
export async function talk(
  service: AService,
  device: ADevice,
  outcome: 'took-place' | 'did-not' = 'took-place'
): Promise<Conversation> {
  const at = service.begin();
  const shown = await device.holder.present(at);
  if (!shown.ok) throw new Error(shown.refusal);
  service.becomes(at, outcome);
  const settled = await device.holder.settle();
  if (!settled.ok) throw new Error(settled.refusal);
  return at;
}

/** A card on which every ordinary clip and the fifth are used: a pending clip is left. */
export async function aDeviceWithPending(
  service: AService
): Promise<{ device: ADevice; last: Conversation }> {
  const device = await aDeviceWithCard(service);
  let last = await talk(service, device);
  for (let talked = 3; talked <= service.rule.limit; talked += 1)
    last = await talk(service, device);
  return { device, last };
}
