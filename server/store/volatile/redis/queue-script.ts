import { redisNow } from '../../redis/script.ts';

/**
 * The queue in Redis, each step whole or not at all. The clock is that of Redis.
 *
 * KEYS: the line (sorted set: who waits, by who is first), the leases of the nodes (sorted set: until
 * when each is believed alive, milliseconds), the last openings (list), the birth of this state, the
 * channel of pokes, the beginning of the keys of seats.
 * ARGV: step, this node, then what the step takes.
 *
 * A seat is a hash: `u` the turn, `k` is there when somebody has taken them, `w` sealed who waits, `s`
 * sealed stage, `b` hash and `a` sealed account of whom they have booked with, `n` the node of their
 * socket, `g` milliseconds since when it is gone.
 */
export const queueScript = `
local line, leases, opened, born, channel, seats = unpack(KEYS)
local node = ARGV[2]
local KEPT = 12 * 3600 * 1000
local BOOKED_FIRST = 10000000000
${redisNow}
local steps = {}

local function poke() redis.call('SPUBLISH', channel, 'queue ' .. node) end

local alive = {}
local function lives(other)
  if other == node then return true end
  if alive[other] == nil then
    alive[other] = tonumber(redis.call('ZSCORE', leases, other) or 0) > now
  end
  return alive[other]
end

local function leave(name)
  return redis.call('ZREM', line, name) == 1
end

local function takeSeat(name, turn)
  redis.call('HSET', seats .. name, 'u', turn, 'k', 1)
  redis.call('HDEL', seats .. name, 'w', 's', 'b', 'a', 'n', 'g')
  redis.call('PEXPIRE', seats .. name, KEPT)
  if leave(name) then poke() end
end

function steps.put(name, turn, since, isGone, sealed, stage, booked, account, onlyLater)
  local s = redis.call('HMGET', seats .. name, 'u', 'k', 'b')
  local known, wanted = tonumber(s[1] or -1), tonumber(turn)
  if wanted < known or wanted == known and (s[2] or onlyLater == '1') then return 0 end
  redis.call('HSET', seats .. name, 'u', turn, 'w', sealed, 'n', node)
  redis.call('HDEL', seats .. name, 'k', 'g')
  if isGone == '1' then redis.call('HSET', seats .. name, 'g', now) end
  if stage ~= '' then redis.call('HSET', seats .. name, 's', stage) end
  -- Who comes back after a lost line is still the one who has booked.
  if booked ~= '' then redis.call('HSET', seats .. name, 'b', booked, 'a', account) end
  redis.call('PEXPIRE', seats .. name, KEPT)
  local isBooked = booked ~= '' or s[3]
  redis.call('ZADD', line, tonumber(since) - (isBooked and BOOKED_FIRST or 0), name)
  poke()
  return 1
end

function steps.lost(name)
  local s = redis.call('HMGET', seats .. name, 'n', 'k', 'g')
  if s[1] ~= node or s[2] or s[3] then return 0 end
  redis.call('HSET', seats .. name, 'g', now)
  poke()
  return 1
end

function steps.stage(name, sealed)
  local s = redis.call('HMGET', seats .. name, 'w', 'k')
  if not s[1] or s[2] then return 0 end
  redis.call('HSET', seats .. name, 's', sealed)
  poke()
  return 1
end

function steps.remove(name)
  if not leave(name) then return 0 end
  redis.call('DEL', seats .. name)
  poke()
  return 1
end

function steps.taken(name, turn, unless)
  local known = tonumber(redis.call('HGET', seats .. name, 'u') or 0)
  if known <= tonumber(unless) then takeSeat(name, turn) end
  return 1
end

function steps.isTaken(name)
  return redis.call('HEXISTS', seats .. name, 'k')
end

function steps.over(name)
  redis.call('DEL', seats .. name)
  if leave(name) then poke() end
  return 1
end

function steps.find(name)
  local s = redis.call('HMGET', seats .. name, 'w', 's', 'a', 'g', 'n', 'k')
  if not s[1] or s[6] then return {} end
  local gone = s[4] or (not lives(s[5]) and now) or ''
  return { s[1], s[2] or '', s[3] or '', tostring(gone) }
end

-- In order, so who has booked comes first; of those the own ones before the others.
function steps.take(account)
  local working = {}
  for i = 4, #ARGV do working[ARGV[i]] = true end
  local first, chosen, from = nil, nil, 0
  while not chosen do
    local names = redis.call('ZRANGE', line, from, from + 99)
    if #names == 0 then break end
    for _, name in ipairs(names) do
      local s = redis.call('HMGET', seats .. name, 'n', 'g', 'b')
      if s[1] and not s[2] and lives(s[1]) then
        if s[3] == account then chosen = name; break end
        if not first and not (s[3] and working[s[3]]) then first = name end
        if not s[3] then chosen = first; break end
      end
    end
    from = from + 100
  end
  chosen = chosen or first
  if not chosen then return {} end
  local s = redis.call('HMGET', seats .. chosen, 'w', 's', 'a', 'u')
  takeSeat(chosen, s[4])
  redis.call('RPUSH', opened, now)
  redis.call('LTRIM', opened, -20, -1)
  return { chosen, s[1], s[2] or '', s[3] or '', '' }
end

-- What became of those whose sockets are here, and then everybody who waits.
function steps.look(birth, placeKept)
  if redis.call('SET', born, birth, 'NX') == false then birth = redis.call('GET', born) end
  local mine, isMine = {}, {}
  for i = 1, #ARGV - 4 do
    local name = ARGV[i + 4]
    isMine[name] = true
    local s = redis.call('HMGET', seats .. name, 'n', 'k', 'g')
    mine[i] = not s[1] and not s[2] and 'missing' or s[2] and 'taken' or s[1] ~= node and 'moved' or 'here'
    -- This node was thought dead, and is not.
    if mine[i] == 'here' and s[3] then redis.call('HDEL', seats .. name, 'g'); poke() end
  end
  local rows, forgotten = {}, {}
  for _, name in ipairs(redis.call('ZRANGE', line, 0, -1)) do
    local s = redis.call('HMGET', seats .. name, 'w', 's', 'a', 'g', 'n')
    local gone = s[4]
    if s[1] and not gone and (not lives(s[5]) or s[5] == node and not isMine[name]) then
      gone = now
      redis.call('HSET', seats .. name, 'g', now)
    end
    if not s[1] then
      leave(name)
    elseif gone and now - tonumber(gone) > tonumber(placeKept) then
      leave(name)
      redis.call('DEL', seats .. name)
      forgotten[#forgotten + 1] = { name, s[1] }
    else
      rows[#rows + 1] = { name, s[1], s[2] or '', s[3] or '', gone and tostring(gone) or '' }
    end
  end
  return { birth, mine, rows, forgotten, redis.call('LRANGE', opened, 0, -1) }
end

return steps[ARGV[1]](unpack(ARGV, 3, math.min(#ARGV, 11)))
`;
