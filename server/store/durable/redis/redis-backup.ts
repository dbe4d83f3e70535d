import * as v from 'valibot';
import { connect, type Redis } from '../../redis/connection.ts';
import { StoreAway } from '../../store-away.ts';
import type { RestoreRefusal } from '../backup.ts';
import { freeChanged, root, Steps } from './steps.ts';

const Head = v.object({ frirumBackup: v.literal(1), made: v.number(), store: v.literal('redis') });
const newLine = 10;
/** Values of one command. */
const mostAtOnce = 1000;

/** Each key as its kind, its name and its values: pairs of a hash, member and score of a sorted set, one text. */
const script = `
function steps.all()
  local found, cursor = {}, '0'
  repeat
    local page = call('SCAN', cursor, 'MATCH', root .. ':*', 'COUNT', 1000)
    cursor = page[1]
    for _, name in ipairs(page[2]) do
      local kind = call('TYPE', name).ok
      local values
      if kind == 'hash' then values = call('HGETALL', name)
      elseif kind == 'zset' then values = call('ZRANGE', name, 0, -1, 'WITHSCORES')
      else values = { call('GET', name) } end
      local row = { kind, name }
      for _, value in ipairs(values) do row[#row + 1] = value end
      found[name] = row
    end
  until cursor == '0'
  local rows = {}
  for _, row in pairs(found) do rows[#rows + 1] = row end
  return rows
end
`;

const Rows = v.array(v.array(v.instance(Buffer)));
type Row = readonly Buffer[];

/**
 * All of the durable Redis as it is at one moment: a line of JSON with the time it was made, and every key.
 * It holds every key of the server: it is sealed before it is kept. Redis answers nobody else meanwhile.
 * @param now milliseconds since 1970
 */
export async function takeRedisBackup(url: string, now: number): Promise<Uint8Array> {
  const redis = await connect(url);
  try {
    const rows = v.parse(Rows, await new Steps(redis, script).look('all'));
    const head = JSON.stringify({ frirumBackup: 1, made: now, store: 'redis' });
    return Buffer.concat([Buffer.from(`${head}\n`), ...rows.flatMap(writeRow)]);
  } finally {
    await redis.close();
  }
}

/** Puts a backup in place of what is in a Redis; `force` also where something is. @returns why not, or null */
export async function putInRedis(
  url: string,
  bytes: Uint8Array,
  force: boolean
): Promise<RestoreRefusal | null> {
  const rows = readBackup(Buffer.from(bytes));
  if (typeof rows === 'string') return rows;
  const redis = await connect(url);
  try {
    const told = await redis.send(root, ['PUBSUB', 'SHARDNUMSUB', freeChanged]);
    const [, nodes] = v.parse(v.array(v.unknown()), told);
    if (Number(nodes) > 0) return 'server-runs';
    const there = v.parse(Rows, await new Steps(redis, script).look('all'));
    if (there.length > 0 && !force) return 'data-is-there';
    await write(redis, there, rows);
    await redis.sendAndConfirm(root, ['PING']);
    return null;
  } finally {
    await redis.close();
  }
}

/** All of it or nothing. */
async function write(redis: Redis, there: readonly Row[], rows: readonly Row[]): Promise<void> {
  const all = redis.holderOf(root)?.multi();
  if (!all) throw new StoreAway();
  for (const [, name] of there) if (name) all.addCommand(['DEL', name]);
  for (const [kind, name, ...values] of rows) {
    if (!kind || !name) continue;
    for (let from = 0; from < values.length; from += mostAtOnce) {
      const some = values.slice(from, from + mostAtOnce);
      if (kind.toString() === 'hash') all.addCommand(['HSET', name, ...some]);
      else if (kind.toString() === 'zset') all.addCommand(['ZADD', name, ...scoresFirst(some)]);
      else all.addCommand(['SET', name, ...some]);
    }
  }
  await all.exec();
}

const scoresFirst = (values: readonly Buffer[]): Buffer[] =>
  values.map((_, at) => values[at % 2 === 0 ? at + 1 : at - 1] ?? Buffer.alloc(0));

/** How many parts, u32, and then each: its length, u32, and its bytes. */
const writeRow = (row: Row): Buffer[] => [
  number(row.length),
  ...row.flatMap((part) => [number(part.length), part])
];

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function readBackup(bytes: Buffer): Row[] | 'no-backup' | 'damaged' {
  const headEnd = bytes.indexOf(newLine);
  if (!isHead(bytes.subarray(0, headEnd))) return 'no-backup';
  const rows: Row[] = [];
  let at = headEnd + 1;
  const take = (length: number): Buffer => {
    const part = bytes.subarray(at, at + length);
    if (part.length < length) throw new RangeError('it ends too soon');
    at += length;
    return part;
  };
  const takeNumber = () => take(4).readUInt32BE();
  try {
    while (at < bytes.length)
      rows.push(Array.from({ length: takeNumber() }, () => take(takeNumber())));
  } catch {
    return 'damaged';
  }
  const names = rows.map(([, name]) => name?.toString('latin1') ?? '');
  return names.every((name) => name.startsWith(`${root}:`)) ? rows : 'damaged';
}

function isHead(line: Buffer): boolean {
  try {
    return v.is(Head, JSON.parse(line.toString()));
  } catch {
    return false;
  }
}
