import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Delivery, type DeliveryState } from '#shared/conversation/delivery.ts';
import {
  firstOf,
  FrameKind,
  gapFrame,
  secondOf,
  statusFrame,
  syncFrame
} from '#shared/wire/frame.ts';
import { systemClock } from '#server/clock.ts';
import { EmbeddedRelay } from '#server/store/volatile/embedded-relay.ts';
import type { Line, Receiver, RelayStore, Role } from '#server/store/volatile/relay.ts';

/** A page with its delivery, on a line that takes time and can be cut with frames inside. */
class Page {
  readonly got: number[] = [];
  said = 0;
  private delivery: Delivery;
  private kept: DeliveryState = { nextN: 1, expected: 1, outbox: [] };
  private line: Line | null = null;
  private cable = 0;
  private readonly role: Role;

  constructor(role: Role) {
    this.role = role;
    this.delivery = this.open();
  }

  private open(): Delivery {
    return new Delivery(
      {
        send: (frame) => this.toServer(frame),
        take: async (sealed) => void this.got.push((sealed[0] ?? 0) * 256 + (sealed[1] ?? 0)),
        progressed: () => {},
        keep: (state) => (this.kept = structuredClone(state))
      },
      this.kept
    );
  }

  say(): void {
    this.said += 1;
    this.delivery.push(Uint8Array.of(this.said >> 8, this.said & 255));
  }

  /** The page is thrown away; a new one goes on from what was kept. */
  reload(): void {
    this.cut();
    this.delivery.stop();
    this.delivery = this.open();
  }

  cut(): void {
    this.cable += 1;
    this.line?.detach();
    this.line = null;
    this.delivery.lineLost();
  }

  async attach(relay: RelayStore): Promise<void> {
    this.cut();
    const cable = this.cable;
    const fromServer = (act: () => void) => setTimeout(() => cable === this.cable && act(), 5);
    const hear = (frame: Uint8Array) => fromServer(() => this.delivery.hear(frame));
    const receiver: Receiver = {
      message: hear,
      status: (stored, delivered) => hear(statusFrame(stored, delivered)),
      gap: (stored) => hear(gapFrame(stored)),
      otherHere: () => {},
      moved: () => {},
      returned: () => {},
      closed: () => {}
    };
    const { next: expected } = this.delivery;
    const attached = await relay.attach(this.relayRoom, this.role, expected, receiver, 0);
    if (!attached || cable !== this.cable) return;
    this.line = attached.line;
    const { next } = this.delivery;
    fromServer(() => this.delivery.attached(attached.stored, attached.delivered));
    attached.line.sync(next);
  }

  /** What a side does when it thinks that something is missing; much may be under way already. */
  ask(): void {
    this.toServer(syncFrame(this.delivery.next));
  }

  get waiting(): number {
    return this.kept.outbox.length;
  }

  private readonly relayRoom = 'AAAAAAAAAAAAAAAAAAAAAA';

  private toServer(frame: Uint8Array): boolean {
    if (!this.line) return false;
    const cable = this.cable;
    const { line } = this;
    setTimeout(() => {
      if (cable !== this.cable) return;
      if (frame[0] === FrameKind.message) line.append(firstOf(frame), secondOf(frame), frame);
      else if (frame[0] === FrameKind.received) line.received(firstOf(frame));
      else line.sync(firstOf(frame));
    }, 5);
    return true;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what a server had stored, and has lost, is sent again though that was lost too', async () => {
  const sent: number[] = [];
  const page = new Delivery({
    send: (frame) => {
      if (frame[0] === FrameKind.message) sent.push(firstOf(frame));
      return true;
    },
    take: async () => {},
    progressed: () => {},
    keep: () => {}
  });
  page.attached(0, 0);
  for (const n of [1, 2, 3]) page.push(Uint8Array.of(n));
  page.hear(statusFrame(3, 0));
  page.lineLost();
  page.attached(0, 0);
  expect(sent.splice(0)).toEqual([1, 2, 3, 1, 2, 3]);
  // Nothing of it has come to the store: to the next question it has to come once more.
  await vi.advanceTimersByTimeAsync(10_000);
  page.hear(statusFrame(0, 0));
  expect(sent).toEqual([1, 2, 3]);
  page.stop();
});

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('visitor-says', 'counsellor-says') },
  { weight: 3, arbitrary: fc.constantFrom('visitor-attaches', 'counsellor-attaches') },
  { weight: 2, arbitrary: fc.constantFrom('visitor-cut', 'counsellor-cut') },
  { weight: 2, arbitrary: fc.constantFrom('visitor-asks', 'counsellor-asks') },
  { weight: 1, arbitrary: fc.constantFrom('visitor-reloads', 'counsellor-reloads') },
  { weight: 1, arbitrary: fc.constant('server-restarts') },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 400 }) }
);

test('whatever is cut, reloaded or restarted, everything arrives once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), async (steps) => {
      let relay = new EmbeddedRelay(systemClock);
      const visitor = new Page('visitor');
      const counsellor = new Page('counsellor');
      const acts: Record<string, () => unknown> = {
        'visitor-says': () => visitor.say(),
        'counsellor-says': () => counsellor.say(),
        'visitor-attaches': () => visitor.attach(relay),
        'counsellor-attaches': () => counsellor.attach(relay),
        'visitor-cut': () => visitor.cut(),
        'counsellor-cut': () => counsellor.cut(),
        'visitor-asks': () => visitor.ask(),
        'counsellor-asks': () => counsellor.ask(),
        'visitor-reloads': () => visitor.reload(),
        'counsellor-reloads': () => counsellor.reload(),
        'server-restarts': () => {
          visitor.cut();
          counsellor.cut();
          relay = new EmbeddedRelay(systemClock);
        }
      };
      for (const one of steps) {
        if (typeof one === 'number') await vi.advanceTimersByTimeAsync(one);
        else await acts[one]?.();
      }
      await visitor.attach(relay);
      await counsellor.attach(relay);
      await vi.advanceTimersByTimeAsync(60_000);
      const counted = (page: Page) => Array.from({ length: page.said }, (_, index) => index + 1);
      expect(counsellor.got).toEqual(counted(visitor));
      expect(visitor.got).toEqual(counted(counsellor));
      expect([visitor.waiting, counsellor.waiting]).toEqual([0, 0]);
      visitor.reload();
      counsellor.reload();
      vi.clearAllTimers();
    }),
    { numRuns: 300 }
  );
});
