/**
 * Bookings, after clips and slots. `booking:<ticket>` has the booking, `booking-in:<conversation>` its
 * ticket, `answer:<key>` what a key was answered, with an index by day.
 */
export const bookingsScript = `
local FIELDS = { 'slot', 'seat', 'state', 'conversation', 'visitor', 'purpose', 'words', 'stage', 'misses', 'movedFrom' }
local function startOf(slot) return call('HGET', key('slot', slot), 'start') end
local function dayOf(start) return math.floor(tonumber(start) / 86400000) end
-- A seat of a slot that can be had now, or why not. Those in freed can be had and those in claimed cannot.
local function seatIn(slot, now, freed, claimed, isShut)
  local f = call('HMGET', key('slot', slot), 'start', 'seats', 'open', 'account')
  if not f[1] or f[3] == '0' then return nil, 'slot-gone' end
  if isShut and isShut(f[4], tonumber(f[1])) then return nil, 'slot-gone' end
  if tonumber(f[1]) <= now then return nil, 'slot-past' end
  local taken = {}
  for _, seat in ipairs(call('HKEYS', key('seats', slot))) do taken[seat] = true end
  for seat in pairs(freed and freed[slot] or {}) do taken[seat] = nil end
  for seat in pairs(claimed[slot] or {}) do taken[seat] = true end
  for seat = 0, tonumber(f[2]) - 1 do
    local name = tostring(seat)
    if not taken[name] then
      claimed[slot] = claimed[slot] or {}
      claimed[slot][name] = true
      return name
    end
  end
  return nil, 'slot-taken'
end
local function takeAnswer() return { key = take(), request = take(), answer = take() } end
local function keepAnswer(done, start)
  put(key('answer', done.key), { request = done.request, answer = done.answer })
  call('ZADD', key('answer-days'), dayOf(start), done.key)
end
local function takeOrder()
  local order = { done = takeAnswer(), ticket = take(), slot = take(), conversation = take(), visitor = take(),
    purpose = take(), words = take(), note = takeOrNil(), stage = takeOrNil() }
  if order.stage then order.clip = { id = take(), elements = take(), expires = take() } end
  return order
end
local function bookOne(order)
  local start = startOf(order.slot)
  if order.clip and not order.isHeld then
    hold(order.clip, order.conversation, order.stage == 'pending' and 1 or 0, dayOf(start))
  end
  put(key('booking', order.ticket), { slot = order.slot, seat = order.seat, state = 'planned',
    conversation = order.conversation, visitor = order.visitor, purpose = order.purpose, words = order.words,
    stage = order.stage, note = order.note, misses = 0 })
  call('SET', key('booking-in', order.conversation), order.ticket)
  call('HSET', key('seats', order.slot), order.seat, order.ticket)
  call('ZADD', key('bookings-of', order.slot), 0, order.ticket)
  keepAnswer(order.done, start)
end
-- Finds room for all of it, and writes nothing.
local function whyNot(orders, now)
  local claimed, seen = {}, {}
  for _, order in ipairs(orders) do
    local seat, refusal = seatIn(order.slot, now, nil, claimed)
    if not seat then return { refusal, order.slot } end
    order.seat = seat
    local ticket = key('booking', order.ticket)
    if seen[ticket] or isThere(ticket) then return { 'ticket-known' } end
    local room = key('booking-in', order.conversation)
    if order.clip then
      local clip = key('clip', order.clip.id)
      if seen[clip] then return { 'clip-spent' } end
      if seen[room] then return { 'clip-already' } end
      local may, isKnown = mayHold(order.clip, order.conversation)
      if may ~= 'held' then return { 'clip-' .. may } end
      order.isHeld = isKnown
      seen[clip] = true
    end
    if seen[room] or isThere(room) then error('a conversation has one booking') end
    seen[ticket], seen[room] = true, true
  end
end

function steps.book()
  local now, orders, answers, isReused = takeNumber(), {}, {}, false
  for i = 1, takeNumber() do orders[i] = takeOrder() end
  for _, order in ipairs(orders) do
    local known = call('HMGET', key('answer', order.done.key), 'request', 'answer')
    if not known[1] then
      local seat, refusal = seatIn(order.slot, now, nil, {})
      if not seat then return { refusal, order.slot } end
    elseif known[1] == order.done.request then answers[#answers + 1] = known[2]
    else isReused = true end
  end
  if isReused then return { 'key-reused' } end
  if #answers == #orders then return { 'booked', unpack(answers) } end
  -- All or none of a series is known: a part of one is another request.
  if #answers > 0 then return { 'key-reused' } end
  local refused = whyNot(orders, now)
  if refused then return refused end
  local slots = {}
  for i, order in ipairs(orders) do
    bookOne(order)
    answers[i] = order.done.answer
    slots[i] = order.slot
  end
  tellFree(slots)
  return { 'booked', unpack(answers) }
end
function steps.answered() return call('HGETALL', key('answer', take())) end

local function bookingRow(ticket)
  local name, row = key('booking', ticket), { 'ticket', ticket }
  local values = call('HMGET', name, unpack(FIELDS))
  if not values[1] then return {} end
  for i, field in ipairs(FIELDS) do
    if values[i] then row[#row + 1] = field; row[#row + 1] = values[i] end
  end
  row[#row + 1] = 'hasNote'; row[#row + 1] = call('HEXISTS', name, 'note')
  return row
end
function steps.findBooking() return bookingRow(take()) end
function steps.inConversation()
  local ticket = call('GET', key('booking-in', take()))
  return ticket and bookingRow(ticket) or {}
end
function steps.between()
  local from, untilTime, rows = take(), '(' .. take(), {}
  for _, slot in ipairs(call('ZRANGEBYSCORE', key('slots'), from, untilTime)) do
    for _, ticket in ipairs(call('ZRANGE', key('bookings-of', slot), 0, -1)) do rows[#rows + 1] = bookingRow(ticket) end
  end
  return rows
end

local function takeChange()
  return { ticket = take(), was = { state = take(), slot = take(), misses = take() }, state = take(),
    misses = take(), slot = take(), isSeated = take() == '1', movedFrom = takeOrNil(), clip = takeOrNil(),
    clipDay = takeOrNil(), keepsNote = take() == '1' }
end
local function letGo(change)
  if change.seat then call('HDEL', key('seats', change.was.slot), change.seat) end
  call('ZREM', key('bookings-of', change.was.slot), change.ticket)
end
local function changeOne(change)
  local name = key('booking', change.ticket)
  call('ZADD', key('bookings-of', change.slot), 0, change.ticket)
  if change.newSeat then call('HSET', key('seats', change.slot), change.newSeat, change.ticket) end
  call('HSET', name, 'slot', change.slot, 'state', change.state, 'misses', change.misses)
  putOrDrop(name, 'seat', change.newSeat)
  putOrDrop(name, 'movedFrom', change.movedFrom)
  if not change.keepsNote then call('HDEL', name, 'note') end
  local conversation = call('HGET', name, 'conversation')
  if change.clip then settleFor(conversation, change.clip)
  elseif change.clipDay then keepUntil(conversation, change.clipDay) end
end
local function takeAbsence()
  local account = takeOrNil()
  if account then return { account = account, from = take(), till = take() } end
end
local function shut(absence)
  call('HSET', key('absences'), absence.account .. ' ' .. absence.from, absence.till)
  for _, slot in ipairs(call('ZRANGEBYSCORE', key('slots-of', absence.account), absence.from, '(' .. absence.till)) do
    call('HSET', key('slot', slot), 'open', 0)
  end
end

function steps.changeBookings()
  local now, hasAnswer, done, changes = takeNumber(), take() == '1', nil, {}
  if hasAnswer then done = takeAnswer() end
  local absence = takeAbsence()
  for i = 1, takeNumber() do changes[i] = takeChange() end
  if done and isThere(key('answer', done.key)) then return { 'stale' } end
  local freed, claimed = {}, {}
  for _, change in ipairs(changes) do
    local is = call('HMGET', key('booking', change.ticket), 'state', 'slot', 'misses', 'seat')
    local was = change.was
    if is[1] ~= was.state or is[2] ~= was.slot or is[3] ~= was.misses then return { 'stale' } end
    change.seat = is[4] or nil
    change.stays = change.isSeated and change.slot == was.slot and change.seat ~= nil
    if change.seat and not change.stays then
      freed[was.slot] = freed[was.slot] or {}
      freed[was.slot][change.seat] = true
    end
  end
  local function isShut(account, start)
    return absence and account == absence.account and start >= tonumber(absence.from) and start < tonumber(absence.till)
  end
  for _, change in ipairs(changes) do
    if not startOf(change.slot) then
      if change.isSeated then return { 'slot-gone', change.slot } end
      error('a booking is of a slot that is there')
    end
    if change.stays then change.newSeat = change.seat
    elseif change.isSeated then
      local seat, refusal = seatIn(change.slot, now, freed, claimed, isShut)
      if not seat then return { refusal, change.slot } end
      change.newSeat = seat
    end
  end
  if absence then
    shut(absence)
    planChanged()
  end
  for _, change in ipairs(changes) do letGo(change) end
  for _, change in ipairs(changes) do changeOne(change) end
  if done and changes[1] then keepAnswer(done, startOf(changes[1].slot)) end
  local slots = {}
  for _, change in ipairs(changes) do
    slots[#slots + 1] = change.was.slot
    slots[#slots + 1] = change.slot
  end
  if absence then tellFree() elseif #slots > 0 then tellFree(slots) end
  return { 'changed' }
end
function steps.note() return call('HGET', key('booking', take()), 'note') end
function steps.putNote()
  local ticket, note = take(), take()
  if not isThere(key('booking', ticket)) then return 0 end
  call('HSET', key('booking', ticket), 'note', note)
  return 1
end

local MANY = 100
function steps.forgetSlots()
  local old = call('ZRANGEBYSCORE', key('slots'), '-inf', '(' .. take(), 'LIMIT', 0, MANY)
  for _, slot in ipairs(old) do
    for _, ticket in ipairs(call('ZRANGE', key('bookings-of', slot), 0, -1)) do
      local conversation = call('HGET', key('booking', ticket), 'conversation')
      call('DEL', key('booking', ticket))
      if conversation then call('DEL', key('booking-in', conversation)) end
    end
    dropSlot(slot)
  end
  if #old > 0 then tellFree() end
  return #old > 0 and 1 or 0
end
function steps.forgetAnswers()
  local old = call('ZRANGEBYSCORE', key('answer-days'), '-inf', '(' .. take(), 'LIMIT', 0, MANY)
  for _, name in ipairs(old) do
    call('DEL', key('answer', name))
    call('ZREM', key('answer-days'), name)
  end
  return #old > 0 and 1 or 0
end
function steps.forgetAbsences()
  local untilTime = takeNumber()
  local all = call('HGETALL', key('absences'))
  for i = 1, #all, 2 do
    if tonumber(all[i + 1]) < untilTime then call('HDEL', key('absences'), all[i]) end
  end
end
`;
