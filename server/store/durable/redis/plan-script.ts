/**
 * Slots. `slot:<id>` has what a slot is; `slots` orders all by their start, `slots-of:<account>` one
 * counsellor's; `seats:<slot>` has the ticket in each seat that is taken, `bookings-of:<slot>` every
 * ticket that names the slot. What changes what is free tells all nodes, and which slots when it knows.
 */
export const slotsScript = `
local FREE_CHANGED = root .. ':free-changed'
local function planChanged() call('INCR', key('plan-turn')) end
-- Without slots it may be any of them.
local function tellFree(slots) call('SPUBLISH', FREE_CHANGED, slots and table.concat(slots, ' ') or '') end
local function takenOf(slot) return call('HLEN', key('seats', slot)) end
local function isNamed(slot) return isThere(key('bookings-of', slot)) end
local function dropSlot(slot)
  local account = call('HGET', key('slot', slot), 'account')
  call('DEL', key('slot', slot), key('seats', slot), key('bookings-of', slot), key('agenda', slot))
  call('ZREM', key('slots'), slot)
  if account then call('ZREM', key('slots-of', account), slot) end
end
local function slotRow(slot)
  local row = call('HGETALL', key('slot', slot))
  if #row == 0 then return row end
  local values = {}
  for i = 1, #row, 2 do values[row[i]] = row[i + 1] end
  local last = #row
  row[last + 1] = 'id'; row[last + 2] = slot
  row[last + 3] = 'taken'; row[last + 4] = takenOf(slot)
  row[last + 5] = 'counsellor'
  row[last + 6] = call('HGET', key('account', values.account), 'shownName') or ''
  return row, values
end
`;

/** The plan, of which `plan-turn` counts the changes: `shifts` and `closed` hold each body under its name, `absences` the end under account and start. */
export const planScript = `
local function takeStep()
  local kind, name, body = take(), take(), takeOrNil()
  return function()
    if kind == 'put' then call('HSET', key('shifts'), name, body) end
    if kind == 'remove' then call('HDEL', key('shifts'), name) end
    if kind == 'close' then call('HSET', key('closed'), name, body) end
    if kind == 'open' then call('HDEL', key('closed'), name) end
  end
end
local function takeWanted()
  local offers, wanted, byName = {}, {}, {}
  for i = 1, takeNumber() do offers[i] = { offer = take(), place = take(), seats = take() } end
  for i = 1, takeNumber() do
    local one = { shift = take(), account = take(), start = take(), minutes = take(), offer = offers[takeNumber()] }
    one.name = one.start .. ' ' .. one.account
    if not byName[one.name] then wanted[#wanted + 1] = one.name end
    byName[one.name] = one
  end
  return wanted, byName
end
-- The slots after now of these counsellors, or of all.
local function slotsAfter(now)
  local many, found = takeNumber(), {}
  if many < 0 then return call('ZRANGEBYSCORE', key('slots'), '(' .. now, '+inf') end
  for i = 1, many do
    for _, slot in ipairs(call('ZRANGEBYSCORE', key('slots-of', take()), '(' .. now, '+inf')) do
      found[#found + 1] = slot
    end
  end
  return found
end
local function writeSlot(slot, one)
  put(key('slot', slot), { shift = one.shift, account = one.account, start = one.start, minutes = one.minutes,
    seats = one.offer.seats, offer = one.offer.offer, place = one.offer.place, open = 1 })
end

function steps.change()
  local step, now, isExtended, seen = takeStep(), take(), take() == '1', takeOrNil()
  if seen and seen ~= (call('GET', key('plan-turn')) or '0') then return false end
  local slots = slotsAfter(now)
  local wanted, missing = takeWanted()
  local concerned, going, ids = {}, {}, {}
  for _, slot in ipairs(slots) do
    local f = call('HMGET', key('slot', slot), 'shift', 'account', 'start', 'minutes', 'seats', 'offer', 'place', 'open')
    local name = f[3] .. ' ' .. f[2]
    local one, taken = missing[name], takenOf(slot)
    ids[name] = slot
    local isSameMeeting = one and f[4] == one.minutes and tonumber(one.offer.seats) >= taken and f[7] == one.offer.place
    if one and (taken == 0 or isSameMeeting) then
      local isSame = f[1] == one.shift and f[4] == one.minutes and f[6] == one.offer.offer
      if f[8] == '1' and isSame then missing[name] = nil end
    else
      missing[name] = nil
      if taken > 0 then concerned[#concerned + 1] = tonumber(slot) else going[#going + 1] = slot end
    end
  end
  if #concerned > 0 and not isExtended then return concerned end
  step()
  if not isExtended then planChanged() end
  for _, slot in ipairs(going) do
    if isNamed(slot) then call('HSET', key('slot', slot), 'open', 0) else dropSlot(slot) end
  end
  for _, name in ipairs(wanted) do
    local one = missing[name]
    if one then
      local slot = ids[name]
      if not slot then
        slot = call('INCR', key('last-slot'))
        call('ZADD', key('slots'), one.start, slot)
        call('ZADD', key('slots-of', one.account), one.start, slot)
      end
      writeSlot(slot, one)
    end
  end
  tellFree()
  return {}
end
function steps.turn() return call('GET', key('plan-turn')) or '0' end
function steps.slots()
  local from, untilTime, rows = take(), '(' .. take(), {}
  for _, slot in ipairs(call('ZRANGEBYSCORE', key('slots'), from, untilTime)) do
    local row, values = slotRow(slot)
    if values and values.open == '1' then rows[#rows + 1] = row end
  end
  return rows
end
function steps.theseSlots()
  local rows = {}
  for i = 1, takeNumber() do
    local row = slotRow(take())
    if #row > 0 then rows[#rows + 1] = row end
  end
  return rows
end
function steps.slot() return (slotRow(take())) end
`;
