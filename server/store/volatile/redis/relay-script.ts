/**
 * Everything the relay does in Redis, as one script, so that each step is whole or not at all. One call
 * carries all that one turn of a node's event loop has to do, and what it has to tell other nodes goes
 * out in the same call, one message per node.
 *
 * KEYS: for each step the conversation's hash and the mark that it is over (same hash tag).
 * ARGV: this node, milliseconds a quiet conversation is kept, milliseconds an ended one is remembered;
 * then for each step: name, side, line, two numbers, bytes.
 * Answers {results, told}: a result per step, and what is to be told to lines of this very node:
 * {line, kind, first, second, step}.
 *
 * The hash, for each side `v` and `c`: `l` last stored, `a` delivered, `s` has sent since the state
 * began, `n` node/line that is attached; `v:7` frame 7 of the visitor, not delivered yet; `t` both have
 * written.
 */
export const relayScript = `
local me, kept, remembered = ARGV[1], ARGV[2], ARGV[3]
local MESSAGE, STATUS, HERE, AWAY, MOVED, CLOSED = 1, 2, 3, 4, 5, 6
local MOST_HELD = 32
local told, posts, nodes = {}, {}, {}
local step, key, over, side, other, line, at

local function number(field) return tonumber(redis.call('HGET', key, field) or '0') or 0 end
local function place(of) return redis.call('HGET', key, of .. 'n') or '' end

local function tell(where, kind, first, second, bytes)
  if where == '' then return end
  local cut = string.find(where, '/', 1, true)
  local node, to = string.sub(where, 1, cut - 1), tonumber(string.sub(where, cut + 1))
  if node == me then
    told[#told + 1] = { to, kind, first, second, step }
    return
  end
  if not posts[node] then posts[node] = {}; nodes[#nodes + 1] = node end
  local body = kind == MESSAGE and bytes or struct.pack('>I4I4', first, second)
  local post = posts[node]
  post[#post + 1] = { key, side == 'v' and 'c' or 'v', where, line, step,
    struct.pack('>BI4I4', kind, to, #body) .. body }
end

local function receivedUpTo(of, n)
  local delivered, last = number(of .. 'a'), number(of .. 'l')
  if n <= delivered or n > last then return end
  for i = delivered + 1, n do redis.call('HDEL', key, of .. ':' .. i) end
  redis.call('HSET', key, of .. 'a', n)
  tell(place(of), STATUS, last, n)
end

local function attachedHere()
  local now = place(side)
  if now == '' then
    -- The state began anew, or this node was thought dead.
    redis.call('HSET', key, side .. 'n', at)
    tell(place(other), HERE, 0, 0)
  end
  return now == '' or now == at
end

local steps = {}

function steps.attach(expected)
  if redis.call('EXISTS', over) == 1 then return { -1 } end
  local before = place(side)
  redis.call('HSET', key, side .. 'n', at)
  if before ~= '' and before ~= at then tell(before, MOVED, 0, 0) end
  if redis.call('HEXISTS', key, other .. 's') == 0 and expected - 1 > number(other .. 'l') then
    redis.call('HSET', key, other .. 'l', expected - 1)
  end
  receivedUpTo(other, expected - 1)
  local peer = place(other)
  if before == '' then tell(peer, HERE, 0, 0) end
  return { number(side .. 'l'), number(side .. 'a'), peer ~= '' and 1 or 0 }
end

function steps.append(n, base, frame)
  if redis.call('EXISTS', over) == 1 or not attachedHere() then return {} end
  local last, delivered = number(side .. 'l'), number(side .. 'a')
  if n > last then
    if base > last + 1 then last = base - 1 end
    if n > last + 1 then
      redis.call('HSET', key, side .. 'l', last)
      return { 1, last }
    end
    if n - 1 - math.max(delivered, base - 1) >= MOST_HELD then return {} end
    redis.call('HSET', key, side .. 'l', n, side .. 's', 1, side .. ':' .. n, frame)
    last = n
    tell(place(other), MESSAGE, 0, 0, frame)
  end
  return { 0, last, delivered }
end

function steps.received(n) receivedUpTo(other, n); return {} end

function steps.sync(expected)
  if redis.call('EXISTS', over) == 1 or not attachedHere() then return {} end
  receivedUpTo(other, expected - 1)
  local answer = { number(side .. 'l'), number(side .. 'a') }
  for i = expected, number(other .. 'l') do
    local frame = redis.call('HGET', key, other .. ':' .. i)
    if frame then answer[#answer + 1] = frame end
  end
  local peer = place(other)
  if peer ~= '' then tell(peer, HERE, 0, 0) end
  return answer
end

function steps.detach()
  if place(side) ~= at then return {} end
  redis.call('HDEL', key, side .. 'n')
  tell(place(other), AWAY, 0, 0)
  return {}
end

function steps.close()
  if redis.call('EXISTS', over) == 1 then return { 0 } end
  local tookPlace = number('t')
  for _, one in ipairs({ 'v', 'c' }) do tell(place(one), CLOSED, 0, 0) end
  redis.call('DEL', key)
  redis.call('SET', over, tookPlace, 'PX', remembered)
  return { 1 }
end

function steps.closeQuiet()
  if place('v') ~= '' or place('c') ~= '' then return { 0 } end
  return steps.close()
end

function steps.tookPlace()
  if redis.call('EXISTS', over) == 0 then redis.call('HSET', key, 't', 1) end
  return {}
end

function steps.look()
  local ended = redis.call('GET', over)
  return { ended and 1 or 0, tonumber(ended or number('t')), place('v') ~= '' and 1 or 0,
    place('c') ~= '' and 1 or 0 }
end

local results = {}
for i = 0, #KEYS / 2 - 1 do
  step = i
  key, over = KEYS[i * 2 + 1], KEYS[i * 2 + 2]
  local from = 3 + i * 6
  local name = ARGV[from + 1]
  side, line = ARGV[from + 2], tonumber(ARGV[from + 3])
  other = side == 'v' and 'c' or 'v'
  at = me .. '/' .. line
  results[i + 1] = steps[name](tonumber(ARGV[from + 4]), tonumber(ARGV[from + 5]) or 0, ARGV[from + 6])
  redis.call('PEXPIRE', key, kept)
end

for _, node in ipairs(nodes) do
  local bytes = {}
  for i, post in ipairs(posts[node]) do bytes[i] = post[6] end
  if redis.call('PUBLISH', 'frirum:node:' .. node, table.concat(bytes)) == 0 then
    -- That node is gone: whoever it had is away, and who wrote to them is told so.
    for _, post in ipairs(posts[node]) do
      for _, one in ipairs({ 'v', 'c' }) do
        if redis.call('HGET', post[1], one .. 'n') == post[3] then
          redis.call('HDEL', post[1], one .. 'n')
          told[#told + 1] = { post[4], AWAY, 0, 0, post[5] }
        end
      end
    end
  end
end
return { results, told }
`;
