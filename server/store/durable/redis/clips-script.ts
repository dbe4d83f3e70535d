/**
 * Clips. `clip:<id>` has elements, state, expires, and the conversation while it is held; `clips` orders
 * their names by the epoch they expire in. `held:<conversation>` has id and decides, `conversation:<c>`
 * the elements of what was issued, `decision:<c>` what both said; each has an index by day. Indexes are
 * sorted sets, so that nothing keeps the order in which it came.
 */
export const clipsScript = `
local function takeClip() return { id = take(), elements = take(), expires = take() } end
local function addClip(clip, state)
  put(key('clip', clip.id), { elements = clip.elements, state = state, expires = clip.expires })
  call('ZADD', key('clips'), clip.expires, clip.id)
end
local function findClip(id)
  local found = call('HMGET', key('clip', id), 'elements', 'state', 'conversation')
  if found[1] then return { elements = found[1], state = found[2], conversation = found[3] or nil } end
end
local function agreed(conversation)
  local said = call('HMGET', key('decision', conversation), 'visitor', 'counsellor', 'given')
  if said[1] and said[1] == said[2] then return said[1], said[3] == '1' end
end
local function give(conversation) call('HSET', key('decision', conversation), 'given', 1) end
local function setOutcome(id, outcome)
  local clip = key('clip', id)
  local conversation = call('HGET', clip, 'conversation')
  if call('HGET', clip, 'state') == 'open' then call('HSET', clip, 'state', outcome) end
  call('HDEL', clip, 'conversation')
  if conversation then
    call('DEL', key('held', conversation))
    call('ZREM', key('held-days'), conversation)
  end
end
local function mayHold(clip, conversation)
  local known = findClip(clip.id)
  if known then
    local isRepeat = known.elements == clip.elements and known.conversation == conversation
    return isRepeat and 'held' or 'spent', true
  end
  if isThere(key('conversation', conversation)) then return 'already' end
  return 'held', false
end
local function addConversation(conversation, elements, day)
  put(key('conversation', conversation), { day = day, elements = elements })
  call('ZADD', key('conversation-days'), day, conversation)
end
local function hold(clip, conversation, decides, day)
  addClip(clip, 'open')
  call('HSET', key('clip', clip.id), 'conversation', conversation)
  put(key('held', conversation), { id = clip.id, decides = decides })
  call('ZADD', key('held-days'), day, conversation)
  addConversation(conversation, nil, day)
end
-- What came of the clip held for a conversation, if one is. A clip that decides is given back.
local function settleFor(conversation, outcome)
  local held = call('HMGET', key('held', conversation), 'id', 'decides')
  if held[1] then setOutcome(held[1], held[2] == '1' and 'did-not' or outcome) end
end
local function keepUntil(conversation, day)
  for _, days in ipairs({ 'held-days', 'conversation-days' }) do
    call('ZADD', key(days), 'XX', day, conversation)
  end
end

function steps.hold()
  local clip, conversation, decides, day = takeClip(), take(), take(), take()
  local may, isKnown = mayHold(clip, conversation)
  if may == 'held' and not isKnown then hold(clip, conversation, decides, day) end
  return may
end
function steps.find() return call('HGETALL', key('clip', take())) end
function steps.settle()
  local id, outcome = take(), take()
  local known = findClip(id)
  if not known or known.state ~= 'open' then return known and known.state end
  if outcome ~= 'took-place' and outcome ~= 'did-not' then
    local decision, isGiven
    if known.conversation then decision, isGiven = agreed(known.conversation) end
    if decision ~= outcome or isGiven then return 'open' end
    give(known.conversation)
  end
  setOutcome(id, outcome)
  return outcome
end
function steps.heldFor() return call('HGETALL', key('held', take())) end
function steps.giveBack()
  local clip = takeClip()
  local known = findClip(clip.id)
  if known then return known.elements == clip.elements and known.state or 'spent' end
  addClip(clip, 'did-not')
  return 'did-not'
end
function steps.issuedIn()
  local conversation = key('conversation', take())
  return isThere(conversation) and (call('HGET', conversation, 'elements') or '')
end
function steps.issue()
  local conversation, elements, day = take(), take(), take()
  if isThere(key('conversation', conversation)) then
    return call('HGET', key('conversation', conversation), 'elements') == elements and 'issued' or 'already'
  end
  addConversation(conversation, elements, day)
  return 'issued'
end
function steps.say()
  local conversation, role, decision, day = take(), take(), take(), take()
  local final = agreed(conversation)
  if final then return final == decision and 1 or 'already' end
  call('HSET', key('decision', conversation), role, decision, 'given', 0)
  call('ZADD', key('decision-days'), day, conversation)
  return agreed(conversation) and 1 or 0
end
function steps.decisionIn()
  local decision, isGiven = agreed(take())
  return decision and not isGiven and decision
end
function steps.decide()
  local clip, conversation = takeClip(), take()
  local known = findClip(clip.id)
  if known then
    local isDecision = known.state ~= 'open' and known.state ~= 'took-place' and known.state ~= 'did-not'
    return isDecision and known.elements == clip.elements and known.state or 'spent'
  end
  local decision, isGiven = agreed(conversation)
  if not decision then return 'no-decision' end
  if isGiven then return 'already' end
  give(conversation)
  addClip(clip, decision)
  return decision
end
function steps.key()
  local epoch, made = take(), takeOrNil()
  if made then call('HSETNX', key('clip-keys'), epoch, made) end
  return call('HGET', key('clip-keys'), epoch)
end
local many = 500
function steps.forgetLinks()
  local days, day = key('held-days'), '(' .. take()
  local old = call('ZRANGEBYSCORE', days, '-inf', day, 'LIMIT', 0, many)
  for _, conversation in ipairs(old) do
    local id = call('HGET', key('held', conversation), 'id')
    if id then setOutcome(id, 'did-not') end
    call('ZREM', days, conversation)
  end
  return #old > 0 and 1 or 0
end
function steps.forgetConversations()
  local kind, day = take(), '(' .. take()
  local old = call('ZRANGEBYSCORE', key(kind .. '-days'), '-inf', day, 'LIMIT', 0, many)
  for _, conversation in ipairs(old) do
    call('DEL', key(kind, conversation))
    call('ZREM', key(kind .. '-days'), conversation)
  end
  return #old > 0 and 1 or 0
end
-- Answers from where to look on, -1 at the end: what is still open stays and is gone past.
function steps.forgetClips()
  local epoch, from = take(), takeNumber()
  local old = call('ZRANGEBYSCORE', key('clips'), '-inf', epoch, 'LIMIT', from, many)
  local stays = 0
  for _, id in ipairs(old) do
    if call('HGET', key('clip', id), 'state') == 'open' then stays = stays + 1
    else call('DEL', key('clip', id)); call('ZREM', key('clips'), id) end
  end
  return #old == many and from + stays or -1
end
function steps.forgetKeys()
  local epoch = takeNumber()
  for _, known in ipairs(call('HKEYS', key('clip-keys'))) do
    if tonumber(known) < epoch then call('HDEL', key('clip-keys'), known) end
  end
end
`;
