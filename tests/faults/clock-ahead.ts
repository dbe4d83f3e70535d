// Loaded into a server before it starts (`--import`): its clock is wrong by so many milliseconds.
const ahead = Number(process.env['CLOCK_AHEAD'] ?? 0);
const { now } = Date;

globalThis.Date = new Proxy(Date, {
  construct: (Real, given) => Reflect.construct(Real, given.length > 0 ? given : [now() + ahead]),
  get: (Real, key) => (key === 'now' ? () => now() + ahead : Reflect.get(Real, key))
});

console.log(`This clock says ${Date.now()} and ${new Date().getTime()}.`);
