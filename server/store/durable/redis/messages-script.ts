/**
 * What is sealed to the team: `message:<code>`, all by their day in `messages` and those without an answer
 * in `messages-waiting`; `recipient:<account>`, and in `recipient-of` whose each is; `agenda:<slot>`.
 */
export const messagesScript = `
local function dropMessage(code)
  call('ZREM', key('messages'), code)
  call('ZREM', key('messages-waiting'), code)
  return call('DEL', key('message', code))
end
function steps.leave()
  local one = { code = take(), id = take(), day = take(), sealed = take(), recipient = take() }
  if isThere(key('message', one.code)) then return 0 end
  put(key('message', one.code), one)
  for _, list in ipairs({ 'messages', 'messages-waiting' }) do call('ZADD', key(list), one.day, one.code) end
  return 1
end
function steps.findMessage() return call('HGETALL', key('message', take())) end
function steps.waiting() return rowsOf('message', call('ZRANGE', key('messages-waiting'), 0, -1)) end
function steps.answer()
  local code, sealed = take(), take()
  local message = key('message', code)
  if not isThere(message) or call('HSETNX', message, 'answer', sealed) == 0 then return 0 end
  call('ZREM', key('messages-waiting'), code)
  return 1
end
function steps.removeMessage() return dropMessage(take()) end
function steps.forgetMessages()
  local old = call('ZRANGEBYSCORE', key('messages'), '-inf', '(' .. take(), 'LIMIT', 0, 500)
  for _, code in ipairs(old) do dropMessage(code) end
  return #old > 0 and 1 or 0
end

function steps.recipients() return rowsOf('recipient', call('ZRANGE', key('recipients'), 0, -1)) end
function steps.putRecipient()
  local one = { account = take(), recipient = take(), certificate = take(), signature = take() }
  local most = takeNumber()
  if not isThere(key('account', one.account)) then error('there is no such account') end
  local isKnown = isThere(key('recipient', one.account))
  if call('ZCARD', key('recipients')) - (isKnown and 1 or 0) >= most then return 0 end
  local before = call('HGET', key('recipient', one.account), 'recipient')
  if before then call('HDEL', key('recipient-of'), before) end
  local other = call('HGET', key('recipient-of'), one.recipient)
  if other then
    call('DEL', key('recipient', other))
    call('ZREM', key('recipients'), other)
  end
  put(key('recipient', one.account), one)
  call('ZADD', key('recipients'), 0, one.account)
  call('HSET', key('recipient-of'), one.recipient, one.account)
  return 1
end

function steps.addAgendaItem()
  local slot, id, sealed, most = take(), take(), take(), takeNumber()
  local agenda = key('agenda', slot)
  if not isThere(key('slot', slot)) then error('there is no such slot') end
  if call('HEXISTS', agenda, id) == 1 then return 1 end
  if call('HLEN', agenda) >= most then return 0 end
  call('HSET', agenda, id, sealed)
  return 1
end
function steps.agenda()
  local rows, all = {}, call('HGETALL', key('agenda', take()))
  for i = 1, #all, 2 do rows[#rows + 1] = { 'id', all[i], 'sealed', all[i + 1] } end
  return rows
end
`;
