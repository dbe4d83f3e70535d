import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, Histogram, Registry } from 'prom-client';

/** What is counted about the whole node, at the moment somebody asks. */
export interface Readings {
  /** Open sockets of everybody. */
  sockets(): number;
  /** Counsellors on shift. */
  onShift(): number;
  /** Everybody who waits, on all nodes. */
  waiting(): Promise<number>;
  /** Counsellors' sides of conversations on this node. */
  conversations(): number;
  /** What cannot be reached at the moment. */
  away(): string | null;
  /** Servers of a Redis that came later than this node and are set up wrongly. */
  wrongServers(): number;
}

export interface Measures {
  readonly registry: Registry;
  /** One message was with its receiver this many seconds after it came. */
  delivered(seconds: number): void;
  stop(): void;
}

/** Seconds; a message to somebody in a tunnel counts as long as it takes. */
const deliveryBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];
const nanoseconds = 1e-9;

/** The numbers of `/metrics`. They have no labels: a label could say who. */
export function createMeasures(read: Readings): Measures {
  const registry = new Registry();
  const gauge = (name: string, help: string, value: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        // A store that is away says nothing, and the rest is still told.
        this.set(await Promise.resolve(value()).catch(() => NaN));
      }
    });
  gauge('frirum_sockets', 'Open sockets of everybody.', () => read.sockets());
  gauge('frirum_on_shift', 'Counsellors on shift.', () => read.onShift());
  gauge('frirum_waiting', 'Visitors who wait.', () => read.waiting());
  gauge('frirum_conversations', 'Conversations with a counsellor on this node.', () =>
    read.conversations()
  );
  gauge('frirum_stores_up', '1 while every store answers, else 0.', () =>
    read.away() === null ? 1 : 0
  );
  gauge(
    'frirum_wrong_redis_servers',
    'Redis servers that came later than this node and are set up wrongly; its log says how.',
    () => read.wrongServers()
  );
  gauge('frirum_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());

  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  gauge(
    'frirum_event_loop_delay_seconds',
    'The 99th percentile since it was asked for last: how late the loop came to a timer.',
    () => {
      const late = loop.percentile(99) * nanoseconds;
      loop.reset();
      return late;
    }
  );
  const deliveries = new Histogram({
    name: 'frirum_delivery_seconds',
    help: 'From a message to the receipt of the other side; one message in eight is timed.',
    buckets: deliveryBuckets,
    registers: [registry]
  });
  return {
    registry,
    delivered: (seconds) => deliveries.observe(seconds),
    stop: () => void loop.disable()
  };
}
