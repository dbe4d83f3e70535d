/**
 * Everything the relay does in Redis, as one script, so that each step is whole or not at all. One call
 * carries all that one turn of a node's event loop has to do, and what it has to tell other nodes goes
 * out in the same call, one message per node.
 *
 * KEYS: for each step the conversation's hash.
 * ARGV: this node, milliseconds a quiet conversation is kept, milliseconds an ended one is remembered;
 * then for each step: name, side, line, turn, two numbers, bytes.
 * Answers {results, told}: a result per step, and what is to be told to lines of this very node:
 * {line, kind, first, second, step}.
 *
 * The hash, for each side `v` and `c`: `l` last stored, `a` delivered, `s` has sent since the state
 * began, `n` node/line that is attached, `m` its attempt; `v:7` frame 7 of the visitor, not delivered yet; `t` both have
 * written; `u` the turn. Of an ended conversation nothing is left but `x`: 1 when it took place.
 */
export const relayScript = `
local me, kept, remembered = ARGV[1], ARGV[2], ARGV[3]
local MESSAGE, STATUS, HERE, AWAY, MOVED, CLOSED, RETURNED = 1, 2, 3, 4, 5, 6, 7
local MOST_HELD = 32
local told, posts, nodes = {}, {}, {}
-- All keys of a call have one tag, and so has the channel of a node on which it tells what concerns them.
local CHANNEL = 'frirum:node:' .. string.match(KEYS[1], '{.-}') .. ':'
local step, key, side, line, at, turn, own, other, tookPlace, over, known

-- A node that was killed has not said goodbye: nobody listens on its channel any more.
local function isHere(who)
  if not who.place then return false end
  local node = string.sub(who.place, 1, string.find(who.place, '/', 1, true) - 1)
  if node == me or redis.call('PUBSUB', 'SHARDNUMSUB', CHANNEL .. node)[2] > 0 then return true end
  redis.call('HDEL', key, who.name .. 'n')
  who.place = nil
  return false
end

local function load()
  local f = redis.call('HMGET', key, 'vl', 'va', 'vs', 'vn', 'cl', 'ca', 'cs', 'cn', 't', 'x',
    'u')
  local v = { name = 'v', last = tonumber(f[1] or 0), done = tonumber(f[2] or 0), settled = f[3], place = f[4] }
  local c = { name = 'c', last = tonumber(f[5] or 0), done = tonumber(f[6] or 0), settled = f[7], place = f[8] }
  tookPlace, over, known = f[9], f[10], tonumber(f[11] or 0)
  if side == 'v' then own, other = v, c else own, other = c, v end
end

local function tell(who, kind, first, second, bytes)
  local where = who.place
  if not where then return end
  local cut = string.find(where, '/', 1, true)
  local node, to = string.sub(where, 1, cut - 1), tonumber(string.sub(where, cut + 1))
  if node == me then
    told[#told + 1] = { to, kind, first, second, step }
    return
  end
  if not posts[node] then posts[node] = {}; nodes[#nodes + 1] = node end
  local post = posts[node]
  post[#post + 1] = { struct.pack('>BI4I4', kind, to, bytes and #bytes or 8),
    bytes or struct.pack('>I4I4', first, second), key, who.name, where, line, step }
end

local function receivedUpTo(n)
  if n <= other.done or n > other.last then return end
  for i = other.done + 1, n do redis.call('HDEL', key, other.name .. ':' .. i) end
  other.done = n
  redis.call('HSET', key, other.name .. 'a', n)
  tell(other, STATUS, other.last, n)
end

-- A state just begun learns from what this side expects next how far the other had come.
local function receivedBefore(expected)
  if not other.settled and expected - 1 > other.last then
    other.last = expected - 1
    redis.call('HSET', key, other.name .. 'l', other.last)
  end
  receivedUpTo(expected - 1)
end

-- Only sides of one turn meet: there is no place for an earlier one, and a later one begins anew.
local function beginAnew(why)
  tell(own, RETURNED, why, 0)
  tell(other, RETURNED, why, 0)
  redis.call('DEL', key)
  redis.call('HSET', key, 'u', turn)
  if tookPlace then redis.call('HSET', key, 't', tookPlace) end
  load()
end

local function isPassed()
  if turn > known then beginAnew(0) end
  return turn < known
end

local function isAttachedHere()
  if isPassed() then return false end
  -- A server that took over may not have heard that this side has left a node that is dead now.
  if own.place ~= at then isHere(own) end
  if not own.place then
    -- The state began anew, or this node was thought dead.
    redis.call('HSET', key, side .. 'n', at)
    redis.call('PEXPIRE', key, kept)
    tell(other, HERE, 0, 0)
  end
  return not own.place or own.place == at
end

local steps = {}

function steps.attach(expected, attempt)
  if over or isPassed() then return { -1 } end
  -- A question that Redis or a node held up comes after the one that was asked instead.
  if attempt < tonumber(redis.call('HGET', key, side .. 'm') or 0) and isHere(own) then return { -1 } end
  -- With the turn it is there, and its time runs, though nobody has said a word and both have gone.
  redis.call('HSET', key, side .. 'n', at, side .. 'm', attempt, 'u', turn)
  redis.call('PEXPIRE', key, kept)
  if own.place and own.place ~= at then tell(own, MOVED, 0, 0) end
  receivedBefore(expected)
  if not own.place then tell(other, HERE, 0, 0) end
  return { own.last, own.done, isHere(other) and 1 or 0 }
end

function steps.append(n, base, frame)
  if over or not isAttachedHere() then return {} end
  if n <= own.last then return { 0, own.last, own.done } end
  if base > own.last + 1 then own.last = base - 1 end
  if n > own.last + 1 then
    redis.call('HSET', key, side .. 'l', own.last)
    return { 1, own.last }
  end
  if n - 1 - math.max(own.done, base - 1) >= MOST_HELD then return {} end
  redis.call('HSET', key, side .. 'l', n, side .. 's', 1, side .. ':' .. n, frame)
  tell(other, MESSAGE, 0, 0, frame)
  return { 0, n, own.done }
end

function steps.received(n)
  if not isPassed() then receivedUpTo(n) end
  return {}
end

function steps.sync(expected)
  if over or not isAttachedHere() then return {} end
  redis.call('PEXPIRE', key, kept)
  receivedBefore(expected)
  local answer = { own.last, own.done }
  for i = expected, other.last do
    local frame = redis.call('HGET', key, other.name .. ':' .. i)
    if frame then answer[#answer + 1] = frame end
  end
  -- Also asks whether the node of the other side lives.
  tell(other, HERE, 0, 0)
  return answer
end

function steps.detach()
  if own.place ~= at then return {} end
  redis.call('HDEL', key, side .. 'n')
  tell(other, AWAY, 0, 0)
  return {}
end

function steps.restart(why, unlessHere)
  if over or turn <= known then return { 0 } end
  -- A step without a line is a visitor's: the other side is the counsellor's.
  if unlessHere == 1 and isHere(own) or unlessHere == 2 and isHere(other) then return { 0 } end
  beginAnew(why)
  -- The queue forgets whom nobody comes back for, not the relay.
  redis.call('PEXPIRE', key, remembered)
  return { 1 }
end

function steps.close()
  if over then return { 0 } end
  tell(own, CLOSED, 0, 0)
  tell(other, CLOSED, 0, 0)
  redis.call('DEL', key)
  redis.call('HSET', key, 'x', tookPlace or 0)
  redis.call('PEXPIRE', key, remembered)
  return { 1 }
end

-- How long nobody has been there is what is gone of the time it is kept; in the queue it is kept longer.
function steps.closeIfLeft(after)
  if over then return { 0, 0 } end
  if isHere(own) or isHere(other) then return { after, 0 } end
  local left = redis.call('PTTL', key) - (tonumber(kept) - after)
  if left > 0 then return { math.min(left, after), 0 } end
  return { 0, steps.close()[1] }
end

function steps.tookPlace()
  if not over then
    redis.call('HSET', key, 't', 1)
    redis.call('PEXPIRE', key, kept)
  end
  return {}
end

function steps.look()
  return { over and 1 or 0, tonumber(over or tookPlace or 0), isHere(own) and 1 or 0, isHere(other) and 1 or 0,
    known }
end

local results = {}
for i = 1, #KEYS do
  local from = 3 + (i - 1) * 7
  step, key, side, line = i - 1, KEYS[i], ARGV[from + 2], tonumber(ARGV[from + 3])
  at, turn = me .. '/' .. line, tonumber(ARGV[from + 4])
  load()
  results[i] = steps[ARGV[from + 1]](tonumber(ARGV[from + 5]), tonumber(ARGV[from + 6]), ARGV[from + 7])
end

for _, node in ipairs(nodes) do
  local bytes = {}
  for _, post in ipairs(posts[node]) do
    bytes[#bytes + 1] = post[1]
    bytes[#bytes + 1] = post[2]
  end
  if redis.call('SPUBLISH', CHANNEL .. node, table.concat(bytes)) == 0 then
    -- That node is gone: whoever it had is away, and who wrote to them is told so.
    for _, post in ipairs(posts[node]) do
      if redis.call('HGET', post[3], post[4] .. 'n') == post[5] then
        redis.call('HDEL', post[3], post[4] .. 'n')
      end
      told[#told + 1] = { post[6], AWAY, 0, 0, post[7] }
    end
  end
end
return { results, told }
`;
