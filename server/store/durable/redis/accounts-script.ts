/**
 * The staff. `account:<id>` has the person, `account-named` whose each name is, `accounts` all of them;
 * `recovery:<account>` the hashes of codes; `passkey:<id>`, `session:<id>`, `certificate:<serial>` and
 * `request:<id>` what is theirs, each with a list of all and, as `passkeys-of:<account>`, of one person.
 * `staff-turn` counts what may shut somebody out.
 */
export const accountsScript = `
local function changed() call('INCR', key('staff-turn')) end
local function listed(kind, id, account, score)
  call('ZADD', key(kind .. 's'), score or 0, id)
  call('ZADD', key(kind .. 's-of', account), score or 0, id)
end
local function dropOne(kind, id)
  local account = call('HGET', key(kind, id), 'account')
  if not account then return false end
  call('DEL', key(kind, id))
  call('ZREM', key(kind .. 's'), id)
  call('ZREM', key(kind .. 's-of', account), id)
  return true
end
local function allOf(kind, account) return call('ZRANGE', key(kind .. 's-of', account), 0, -1) end
local function every(kind) return rowsOf(kind, call('ZRANGE', key(kind .. 's'), 0, -1)) end
local function dropSession(id)
  local token = call('HGET', key('session', id), 'tokenHash')
  if token then call('HDEL', key('session-tokens'), token) end
  return dropOne('session', id)
end
local function mustBeThere(account)
  if not isThere(key('account', account)) then error('there is no such account') end
end
local function takeAccount()
  return { id = take(), name = takeOrNil(), shownName = take(), role = take(), state = take(),
    password = takeOrNil(), totpSecret = takeOrNil() }
end
local function checkNew(accounts)
  local ids, names = {}, {}
  for _, one in ipairs(accounts) do
    local isKnown = ids[one.id] or isThere(key('account', one.id))
    if one.name then isKnown = isKnown or names[one.name] or call('HEXISTS', key('account-named'), one.name) == 1 end
    if isKnown then error('an account is there already') end
    ids[one.id] = true
    if one.name then names[one.name] = true end
  end
end
local function addAccount(one)
  put(key('account', one.id), one)
  call('HSET', key('account', one.id), 'totpStep', 0)
  call('ZADD', key('accounts'), 0, one.id)
  if one.name then call('HSET', key('account-named'), one.name, one.id) end
end
local function revokeOf(account)
  for _, serial in ipairs(allOf('certificate', account)) do call('HSET', key('certificate', serial), 'revoked', 1) end
end
-- Ends what an account could do until now.
local function shutOut(account)
  for _, id in ipairs(allOf('session', account)) do dropSession(id) end
  for _, id in ipairs(allOf('request', account)) do dropOne('request', id) end
  revokeOf(account)
end
-- Whether nobody else could lead the team.
local function isLastLead(account)
  local leads, isOne = 0, false
  for _, id in ipairs(call('ZRANGE', key('accounts'), 0, -1)) do
    local f = call('HMGET', key('account', id), 'role', 'state')
    if f[1] == 'lead' and f[2] == 'active' then
      leads = leads + 1
      isOne = isOne or id == account
    end
  end
  return leads == 1 and isOne
end

function steps.addAccounts()
  local accounts = {}
  for i = 1, takeNumber() do accounts[i] = takeAccount() end
  checkNew(accounts)
  for _, one in ipairs(accounts) do addAccount(one) end
  changed()
end
function steps.named()
  local id = call('HGET', key('account-named'), take())
  return id and call('HGETALL', key('account', id)) or {}
end
function steps.withId() return call('HGETALL', key('account', take())) end
function steps.allAccounts() return every('account') end
function steps.seen()
  local account, day = key('account', take()), take()
  if isThere(account) and call('HGET', account, 'seenDay') ~= day then call('HSET', account, 'seenDay', day) end
end
function steps.suspend()
  local id = take()
  if isLastLead(id) then return 'last-lead' end
  if call('HGET', key('account', id), 'state') ~= 'active' then return 'not-active' end
  call('HSET', key('account', id), 'state', 'suspended')
  shutOut(id)
  changed()
  return 'suspended'
end
function steps.resume()
  local id = take()
  local f = call('HMGET', key('account', id), 'state', 'password')
  if not f[1] or not (f[2] or isThere(key('passkeys-of', id))) then return 'needs-invitation' end
  if f[1] ~= 'suspended' then return 'not-suspended' end
  call('HSET', key('account', id), 'state', 'active')
  changed()
  return 'resumed'
end
function steps.useTotpStep()
  local account, step = key('account', take()), takeNumber()
  local last = tonumber(call('HGET', account, 'totpStep') or nil)
  if not last or step <= last then return 0 end
  call('HSET', account, 'totpStep', step)
  return 1
end
function steps.useRecoveryCode() return call('ZREM', key('recovery', take()), take()) end
function steps.replaceRecoveryCodes()
  local account = take()
  mustBeThere(account)
  call('DEL', key('recovery', account))
  for i = 1, takeNumber() do call('ZADD', key('recovery', account), 0, take()) end
end
`;

/** Signed-in browsers and their keys, after the accounts. */
export const sessionsScript = `
function steps.addSession()
  local one = { id = take(), tokenHash = take(), account = take(), startedAt = take(), seenAt = take(), provedAt = takeOrNil() }
  mustBeThere(one.account)
  if isThere(key('session', one.id)) or call('HEXISTS', key('session-tokens'), one.tokenHash) == 1 then
    error('a session is there already')
  end
  put(key('session', one.id), one)
  call('HSET', key('session-tokens'), one.tokenHash, one.id)
  listed('session', one.id, one.account)
end
function steps.findSession() return call('HGETALL', key('session', take())) end
function steps.withToken()
  local id = call('HGET', key('session-tokens'), take())
  return id and call('HGETALL', key('session', id)) or {}
end
function steps.seenSession()
  local session, seenAt = key('session', take()), take()
  if isThere(session) then call('HSET', session, 'seenAt', seenAt) end
end
function steps.renew()
  local id, before, tokenHash, provedAt = take(), take(), take(), take()
  if call('HGET', key('session', id), 'tokenHash') ~= before then return 0 end
  call('HDEL', key('session-tokens'), before)
  call('HSET', key('session-tokens'), tokenHash, id)
  call('HSET', key('session', id), 'tokenHash', tokenHash, 'seenAt', provedAt, 'provedAt', provedAt)
  return 1
end
function steps.removeSession()
  if not dropSession(take()) then return 0 end
  changed()
  return 1
end
function steps.allSessions() return every('session') end

local function addPasskey(one)
  put(key('passkey', one.id), one)
  listed('passkey', one.id, one.account)
end
function steps.addPasskey()
  local one = { id = take(), account = take(), publicKey = take(), counter = take() }
  if isThere(key('passkey', one.id)) then return 0 end
  mustBeThere(one.account)
  addPasskey(one)
  return 1
end
function steps.findPasskey() return call('HGETALL', key('passkey', take())) end
function steps.passkeysOf() return rowsOf('passkey', allOf('passkey', take())) end
function steps.usedPasskey()
  local passkey, counter = key('passkey', take()), takeNumber()
  local before = tonumber(call('HGET', passkey, 'counter') or nil)
  if before and counter > before then call('HSET', passkey, 'counter', counter) end
end
`;
