/** Invitations, after accounts and sessions: `invitation:<token hash>`, and in `invitation-of` the one of each account. */
export const invitationsScript = `
local function putInvitation(tokenHash, account, expiresAt)
  local before = call('HGET', key('invitation-of'), account)
  if before then call('DEL', key('invitation', before)) end
  put(key('invitation', tokenHash), { account = account, expiresAt = expiresAt, used = 0 })
  call('HSET', key('invitation-of'), account, tokenHash)
end
local function dropInvitation(account, unlessUsed)
  local tokenHash = call('HGET', key('invitation-of'), account)
  if not tokenHash then return false end
  if unlessUsed and call('HGET', key('invitation', tokenHash), 'used') == '1' then return false end
  call('DEL', key('invitation', tokenHash))
  call('HDEL', key('invitation-of'), account)
  return true
end
local function dropPasskeys(account)
  for _, id in ipairs(allOf('passkey', account)) do dropOne('passkey', id) end
end
local function forgetAccount(account)
  shutOut(account)
  dropPasskeys(account)
  for _, serial in ipairs(allOf('certificate', account)) do dropOne('certificate', serial) end
  dropInvitation(account, false)
  local recipient = call('HGET', key('recipient', account), 'recipient')
  if recipient then call('HDEL', key('recipient-of'), recipient) end
  call('DEL', key('account', account), key('recovery', account), key('recipient', account))
  call('ZREM', key('recipients'), account)
  call('ZREM', key('accounts'), account)
end

function steps.invite()
  local one = takeAccount()
  local tokenHash, expiresAt = take(), take()
  checkNew({ one })
  addAccount(one)
  putInvitation(tokenHash, one.id, expiresAt)
  changed()
end
function steps.findInvitation() return call('HGETALL', key('invitation', take())) end
function steps.openInvitations()
  local rows, all = {}, call('HVALS', key('invitation-of'))
  for _, tokenHash in ipairs(all) do
    local f = call('HMGET', key('invitation', tokenHash), 'account', 'expiresAt', 'used')
    if f[3] == '0' then rows[#rows + 1] = { 'account', f[1], 'expiresAt', f[2] } end
  end
  return rows
end
function steps.accept()
  local tokenHash, name, now = take(), take(), takeNumber()
  local hash, totpSecret, totpStep = takeOrNil(), takeOrNil(), take()
  local passkey = { id = takeOrNil(), publicKey = take(), counter = take() }
  local f = call('HMGET', key('invitation', tokenHash), 'account', 'expiresAt', 'used')
  if not f[1] then return 'unknown-invitation' end
  if f[3] == '1' then return 'used-invitation' end
  if now >= tonumber(f[2]) then return 'expired-invitation' end
  local id = f[1]
  local owner = call('HGET', key('account-named'), name)
  if owner and owner ~= id then return 'name-taken' end
  if passkey.id and isThere(key('passkey', passkey.id)) then error('a passkey is there already') end
  call('HSET', key('invitation', tokenHash), 'used', 1)
  local account = key('account', id)
  local before = call('HGET', account, 'name')
  if before then call('HDEL', key('account-named'), before) end
  call('HSET', key('account-named'), name, id)
  call('HSET', account, 'state', 'active', 'name', name, 'totpStep', totpStep)
  putOrDrop(account, 'password', hash)
  putOrDrop(account, 'totpSecret', totpSecret)
  if passkey.id then
    passkey.account = id
    addPasskey(passkey)
  end
  for i = 1, takeNumber() do call('ZADD', key('recovery', id), 0, take()) end
  changed()
  return 'accepted'
end
function steps.withdraw()
  local account = take()
  if not dropInvitation(account, true) then return 'not-invited' end
  if call('HEXISTS', key('account', account), 'name') == 0 then forgetAccount(account)
  else call('HSET', key('account', account), 'state', 'suspended') end
  changed()
  return 'withdrawn'
end
function steps.reset()
  local account, tokenHash, expiresAt = take(), take(), take()
  if not isThere(key('account', account)) then return 'unknown-person' end
  if isLastLead(account) then return 'last-lead' end
  shutOut(account)
  dropPasskeys(account)
  call('DEL', key('recovery', account))
  call('HDEL', key('account', account), 'password', 'totpSecret')
  call('HSET', key('account', account), 'state', 'invited')
  putInvitation(tokenHash, account, expiresAt)
  changed()
  return 'reset'
end
`;
