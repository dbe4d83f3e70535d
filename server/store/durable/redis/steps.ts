import type { Redis } from '../../redis/connection.ts';
import { Script } from '../../redis/script.ts';

/**
 * Every key begins with it. One hash tag holds the whole durable store together: a booking takes a clip,
 * a seat and a key in one step, and a slot knows the name of its counsellor. In a cluster all of it is
 * therefore on one node, which is enough: what is durable is small, and what is much is not durable.
 */
export const root = 'frirum:{durable}';

/** Told whenever something else may be free. */
export const freeChanged = `${root}:free-changed`;

/** null is an empty text, yes and no are 1 and 0, bytes stay as they are. */
type Value = string | number | boolean | Uint8Array | null;

/**
 * What all scripts begin with. A step takes its values one after the other; it looks at everything before
 * it writes anything, because Redis takes nothing back.
 */
const base = `
local call, root, at = redis.call, KEYS[1], 1
local steps = {}
local function take() at = at + 1; return ARGV[at] end
local function takeOrNil() local value = take(); if value ~= '' then return value end end
local function takeNumber() return tonumber(take()) end
local function key(kind, id) if id then return root .. ':' .. kind .. ':' .. id end return root .. ':' .. kind end
local function isThere(name) return call('EXISTS', name) == 1 end
-- A field that is nil is left out, and so is null when it is read.
local function put(name, fields)
  local values = {}
  for field, value in pairs(fields) do values[#values + 1] = field; values[#values + 1] = value end
  if #values > 0 then call('HSET', name, unpack(values)) end
end
local function putOrDrop(name, field, value)
  if value then call('HSET', name, field, value) else call('HDEL', name, field) end
end
function steps.pairsIn() return call('HGETALL', key(take())) end
function steps.rankedIn() return call('ZRANGE', key(take()), 0, -1) end
function steps.countIn() return call('ZCARD', key(take(), takeOrNil())) end
local function rowsOf(kind, ids)
  local rows = {}
  for i, id in ipairs(ids) do rows[i] = call('HGETALL', key(kind, id)) end
  return rows
end
`;

/** The steps of one part of the store, as one script; each is whole or did not happen. */
export class Steps {
  private readonly redis: Redis;
  private readonly script: Script;

  constructor(redis: Redis, ...parts: readonly string[]) {
    this.redis = redis;
    this.script = new Script([base, ...parts, 'return steps[ARGV[1]]()'].join('\n'));
  }

  /**
   * Resolves when what was written is on the disk, and where another server may take over, when that one
   * has it too, with what is answered out of it. @throws StoreAway when it is not known whether it is so
   */
  take(step: string, ...values: readonly Value[]): Promise<unknown> {
    return this.script.runForGood(this.redis, [root], [step, ...values.map(toArgument)]);
  }

  /** A step that writes nothing, and whose answer promises nobody anything. @throws StoreAway */
  look(step: string, ...values: readonly Value[]): Promise<unknown> {
    return this.script.run(this.redis, [root], [step, ...values.map(toArgument)]);
  }

  /** As `take`, for a step that answers 1 or 0. */
  async isDone(step: string, ...values: readonly Value[]): Promise<boolean> {
    return (await this.take(step, ...values)) === 1;
  }

  /** Takes a step again and again until it says that nothing is left; in between it is the turn of others. */
  async takeAll(step: string, ...values: readonly Value[]): Promise<void> {
    while (await this.isDone(step, ...values));
  }
}

function toArgument(value: Value): string | Buffer {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return String(value);
}
