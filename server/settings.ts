import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { defaultRule, Holder, type Rule } from '#shared/klippekort/rule.ts';
import { missedRules, type MissedRule } from '#shared/booking/rules.ts';
import { isZone } from '#shared/plan/check-shift.ts';
import { CannotStart } from './store/durable/cannot-start.ts';
import { readAddress } from './store/redis/address.ts';

const port = v.pipe(
  v.string(),
  v.digits('must be a whole number from 0 to 65535 (0 takes any free port)'),
  v.transform(Number),
  v.maxValue(65_535, 'must be a whole number from 0 to 65535 (0 takes any free port)')
);

/** Where `npm start` puts the built front end. */
const ownBuild = fileURLToPath(new URL('../build', import.meta.url));

/** Only the origin itself, as a browser sends it: no path, no slash at the end. */
const httpsOrigin = v.pipe(
  v.string(),
  v.check(
    (text) => URL.parse(text)?.origin === text && text.startsWith('https://'),
    'must be an https origin and nothing more, such as https://chat.example.dk'
  )
);

const limit = v.pipe(
  v.string(),
  v.regex(/^([3-9]|10)$/, 'must be a whole number from 3 to 10'),
  v.transform(Number)
);

const cancelHours = v.pipe(
  v.string(),
  v.regex(/^\d{1,3}$/, 'must be a whole number of hours from 0 to 168'),
  v.transform(Number),
  v.maxValue(168, 'must be a whole number of hours from 0 to 168')
);

const holders = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((one) => one.trim())),
  v.array(Holder, `must be some of ${Holder.options.join(', ')}`)
);

const redisUrl = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const address = dataset.typed ? readAddress(dataset.value) : '';
    if (typeof address === 'string') addIssue({ message: address });
  })
);

const seconds = v.pipe(
  v.string(),
  v.regex(/^([1-9]|10)$/, 'must be a whole number of seconds from 1 to 10'),
  v.transform(Number)
);
const standardSilence = '10';

/** Node's and Express's own logging writes addresses, headers and paths: never beside this service. */
const neverSet = v.pipe(
  v.string(),
  v.check(() => false, 'makes libraries write what visitors send: start again without it')
);

/** Every environment variable, its default and what it does. `npm run settings` prints this. */
const schema = v.object({
  PORT: v.pipe(v.optional(port, '3000'), v.description('The port it listens on.')),
  HOST: v.pipe(
    v.optional(v.string(), '127.0.0.1'),
    v.check((host) => host === 'localhost' || isIP(host) !== 0, 'must be an IP address'),
    v.description('The address it listens on; a try-out takes loopback only.')
  ),
  FRIRUM_DATA: v.pipe(
    v.optional(v.string(), './data'),
    v.description('The folder of the database and of the organisation key.')
  ),
  FRIRUM_BUILD: v.pipe(
    v.optional(v.string()),
    v.description('The folder of the built pages; without it the one that `npm start` fills.')
  ),
  FRIRUM_ORIGIN: v.pipe(
    v.optional(httpsOrigin),
    v.description('The https origin people open. Without it this is a try-out on this machine.')
  ),
  METRICS_PORT: v.pipe(
    v.optional(port),
    v.description('Loopback port for /metrics; without it there are no metrics.')
  ),
  FRIRUM_EXIT_URL: v.pipe(
    v.optional(v.string(), 'https://www.dmi.dk/'),
    v.check((text) => URL.parse(text)?.protocol === 'https:', 'must be an https address'),
    v.description('The neutral site that the quick exit puts in place of this one.')
  ),
  FRIRUM_LIMIT: v.pipe(
    v.optional(limit, '5'),
    v.description('Anonymous conversations on one card, from 3 to 10.')
  ),
  FRIRUM_CARD_HOLDERS: v.pipe(
    v.optional(holders, 'young-under-18,young-18-24'),
    v.description(
      `Who gets a card, separated by commas: ${Holder.options.join(', ')}. Others are not counted.`
    )
  ),
  FRIRUM_CANCEL_HOURS: v.pipe(
    v.optional(cancelHours, '24'),
    v.description('Until so many hours before can a booking be cancelled with the clip free again.')
  ),
  FRIRUM_MISSED: v.pipe(
    v.optional(
      v.picklist(missedRules, `must be one of ${missedRules.join(', ')}`),
      'given-back-once'
    ),
    v.description(
      'The clip of a missed booking: given-back-once (one other time with the same ticket), counts, given-back.'
    )
  ),
  FRIRUM_ZONE: v.pipe(
    v.optional(v.string(), 'Europe/Copenhagen'),
    v.check(isZone, 'must be an IANA time zone such as Europe/Copenhagen'),
    v.description('The time zone in which a day of this house begins and ends.')
  ),
  FRIRUM_RULE_SOURCE: v.pipe(
    v.optional(v.string(), 'Kommunens egen praksis, ikke en lov · local policy, not statute'),
    v.maxLength(200, 'must be 200 characters at most'),
    v.description('Where that rule comes from; shown on /privacy.')
  ),
  FRIRUM_ACCESS_CONTACT: v.pipe(
    v.optional(
      v.string(),
      'Kommunens hovednummer og hovedpostkasse · the main number and mail of the municipality'
    ),
    v.maxLength(200, 'must be 200 characters at most'),
    v.description('A number and a mail for who cannot use something; shown on /was.')
  ),
  REDIS_VOLATILE_URL: v.pipe(
    v.optional(redisUrl),
    v.description(
      'The Redis that holds conversations and the queue for several nodes; it must keep nothing on disk. One server (redis://), Sentinels (redis+sentinel://host,host/group) or a cluster (redis+cluster://host,host); rediss for TLS.'
    )
  ),
  REDIS_DURABLE_URL: v.pipe(
    v.optional(redisUrl),
    v.description(
      'The Redis that holds accounts, shifts and bookings; it must have each write on disk before it answers. The same forms; without it they are in FRIRUM_DATA.'
    )
  ),
  FRIRUM_SILENCE: v.pipe(
    v.optional(seconds, standardSilence),
    v.description('Seconds a line may be silent before it counts as lost; fewer in a try-out only.')
  ),
  DEBUG: v.pipe(v.optional(neverSet), v.description('Must not be set: it logs requests.')),
  NODE_DEBUG: v.pipe(v.optional(neverSet), v.description('Must not be set: it logs requests.'))
});

export interface Settings {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataFolder: string;
  /** Absolute. */
  readonly buildFolder: string;
  /** The https origin, or null in a try-out. */
  readonly origin: string | null;
  readonly tryOut: boolean;
  readonly metricsPort: number | null;
  readonly exitUrl: string;
  /** Local policy, not statute. */
  readonly rule: Rule;
  readonly ruleSource: string;
  /** A telephone number and a mail, as text. */
  readonly accessContact: string;
  /** Bookings: until how many hours before a clip is free again, and what a miss costs. */
  readonly cancelHours: number;
  readonly missed: MissedRule;
  /** Milliseconds. */
  readonly silence: number;
  /** An IANA name. */
  readonly zone: string;
  /** Addresses of Redis; null where the embedded store is used. */
  readonly volatileRedis: string | null;
  readonly durableRedis: string | null;
}

/** Reads and checks the environment. Throws `CannotStart` (status 2), one line for each bad value. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = v.safeParse(schema, given);
  if (!read.success) throw refusal(read.issues.map((i) => `${v.getDotPath(i)} ${i.message}`));

  const { output } = read;
  const origin = output.FRIRUM_ORIGIN ?? null;
  if (origin === null && !isLoopback(output.HOST)) {
    throw refusal([
      `HOST ${output.HOST} is not loopback, and a try-out is for this machine only: ` +
        'leave HOST out, or set FRIRUM_ORIGIN to the https origin people open'
    ]);
  }
  if (origin !== null && output.FRIRUM_SILENCE !== Number(standardSilence)) {
    throw refusal([
      'FRIRUM_SILENCE is for a try-out: phones on a poor network need the standard, so leave it out'
    ]);
  }
  if (output.REDIS_DURABLE_URL !== undefined && output.REDIS_VOLATILE_URL === undefined) {
    throw refusal([
      'REDIS_DURABLE_URL is set and REDIS_VOLATILE_URL is not, so nodes would not hear each other: ' +
        'set both, or leave both out for one node with the embedded stores'
    ]);
  }
  return {
    port: output.PORT,
    host: output.HOST,
    dataFolder: resolve(output.FRIRUM_DATA),
    buildFolder: resolve(output.FRIRUM_BUILD ?? ownBuild),
    origin,
    tryOut: origin === null,
    metricsPort: output.METRICS_PORT ?? null,
    exitUrl: output.FRIRUM_EXIT_URL,
    rule: { ...defaultRule, limit: output.FRIRUM_LIMIT, holders: output.FRIRUM_CARD_HOLDERS },
    ruleSource: output.FRIRUM_RULE_SOURCE,
    accessContact: output.FRIRUM_ACCESS_CONTACT,
    cancelHours: output.FRIRUM_CANCEL_HOURS,
    missed: output.FRIRUM_MISSED,
    silence: output.FRIRUM_SILENCE * 1000,
    zone: output.FRIRUM_ZONE,
    volatileRedis: output.REDIS_VOLATILE_URL ?? null,
    durableRedis: output.REDIS_DURABLE_URL ?? null
  };
}

/** Name, default and sentence of every setting, for `npm run settings`. */
export function describeSettings(): string {
  return Object.entries(schema.entries)
    .map(([name, entry]) => {
      const standard = v.getDefault(entry);
      return `${name} (${standard === undefined ? 'not set' : standard})\n    ${v.getDescription(entry)}`;
    })
    .join('\n');
}

/**
 * The origins a browser may send from: the public one, or in a try-out every name of loopback.
 * A function of the port because PORT=0 is only known after listening.
 */
export function originsOf(settings: Settings, port: number): readonly string[] {
  if (settings.origin !== null) return [settings.origin];
  return ['localhost', '127.0.0.1', '[::1]'].map(
    (host) => new URL(`http://${host}:${port}`).origin
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

const refusal = (lines: readonly string[]) =>
  new CannotStart(lines.map((line) => `Frirum cannot start: ${line}.`).join('\n'), 2);
