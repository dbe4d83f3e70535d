/** Certificates in the order of their end, and requests in the order of their coming; after the accounts. */
export const certificatesScript = `
local MOST_REQUESTS = 5
local function takeCertificate()
  return { serial = take(), account = take(), publicKey = take(), bytes = take(), expiresAt = take() }
end
local function checkCertificate(one)
  mustBeThere(one.account)
  if isThere(key('certificate', one.serial)) then error('a certificate is there already') end
end
local function addCertificate(one)
  put(key('certificate', one.serial), one)
  call('HSET', key('certificate', one.serial), 'revoked', 0)
  listed('certificate', one.serial, one.account, one.expiresAt)
end

function steps.allCertificates() return every('certificate') end
function steps.inForce()
  local account, publicKey, now = take(), take(), takeNumber()
  local serials = call('ZRANGE', key('certificates-of', account), 0, -1, 'REV')
  for _, serial in ipairs(serials) do
    local f = call('HMGET', key('certificate', serial), 'publicKey', 'revoked', 'expiresAt')
    if f[1] == publicKey and f[2] == '0' and tonumber(f[3]) > now then
      return call('HGETALL', key('certificate', serial))
    end
  end
  return {}
end
function steps.addCertificate()
  local one = takeCertificate()
  checkCertificate(one)
  addCertificate(one)
  changed()
end
function steps.requests() return every('request') end
function steps.ask()
  local id, account, publicKey = take(), take(), take()
  mustBeThere(account)
  if isThere(key('request', id)) then return 0 end
  local before = allOf('request', account)
  for _, other in ipairs(before) do
    if call('HGET', key('request', other), 'publicKey') == publicKey then return 0 end
  end
  put(key('request', id), { id = id, account = account, publicKey = publicKey })
  listed('request', id, account, call('INCR', key('last-request')))
  for i = 1, #before + 1 - MOST_REQUESTS do dropOne('request', before[i]) end
  changed()
  return 1
end
function steps.deliver()
  local request, one = take(), takeCertificate()
  if not isThere(key('request', request)) then return 0 end
  checkCertificate(one)
  dropOne('request', request)
  addCertificate(one)
  changed()
  return 1
end
function steps.ofService() return call('HGETALL', key('service-certificate', take())) end
function steps.renewService()
  local name, bytes, expiresAt = key('service-certificate', take()), take(), takeNumber()
  if tonumber(call('HGET', name, 'expiresAt') or 0) < expiresAt then
    put(name, { bytes = bytes, expiresAt = expiresAt })
  end
end
function steps.revoke()
  local serial, account, rows = takeOrNil(), takeOrNil(), {}
  for _, one in ipairs(serial and { serial } or allOf('certificate', account)) do
    local certificate = key('certificate', one)
    if call('HGET', certificate, 'revoked') == '0' then
      call('HSET', certificate, 'revoked', 1)
      rows[#rows + 1] = call('HGETALL', certificate)
    end
  end
  if #rows > 0 then changed() end
  return rows
end
`;
