/** Somebody with a position to tell; several that meet in one turn are told as one. */
export interface Teller {
  tellPosition(): void;
}

/** A socket whose writes wait for the end of the turn. */
export interface HeldBack {
  release(): void;
}

/** Milliseconds that news nobody waits for may wait for company. */
const soon = 20;

let tellers: Teller[] = [];
let unhurried = new Set<Teller>();
let heldBack: HeldBack[] = [];
let isPlanned = false;

/**
 * What one turn of the event loop has to say to a socket goes out in one system call: the system
 * calls, not the work between them, are what a relayed message costs.
 */
export function tellAtEndOfTurn(teller: Teller): void {
  tellers.push(teller);
  plan();
}

/** The same for what nobody waits for: it goes with something else that is told, or by itself soon. */
export function tellSoon(teller: Teller): void {
  if (unhurried.size === 0) setTimeout(tellUnhurried, soon);
  unhurried.add(teller);
}

export function releaseAtEndOfTurn(socket: HeldBack): void {
  heldBack.push(socket);
  plan();
}

function tellUnhurried(): void {
  const telling = unhurried;
  unhurried = new Set();
  for (const teller of telling) tellAtEndOfTurn(teller);
}

function plan(): void {
  if (isPlanned) return;
  isPlanned = true;
  setImmediate(endTurn);
}

function endTurn(): void {
  isPlanned = false;
  const telling = tellers;
  tellers = [];
  for (const teller of telling) teller.tellPosition();
  const releasing = heldBack;
  heldBack = [];
  for (const socket of releasing) socket.release();
}
