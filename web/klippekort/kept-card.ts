import {
  noKlippekort,
  readKlippekort,
  writeKlippekort,
  type Klippekort
} from '#shared/klippekort/card.ts';

/** In this tab only, or on this device: the holder's choice, and it can be changed at any time. */
export type KeptIn = 'tab' | 'device';

const name = 'frirum-card';
const storeOf = (where: KeptIn): Storage => (where === 'tab' ? sessionStorage : localStorage);

export function loadCard(): { where: KeptIn; klippekort: Klippekort } {
  for (const where of ['tab', 'device'] as const) {
    const klippekort = readKlippekort(storeOf(where).getItem(name) ?? '');
    if (klippekort) {
      followCard();
      return { where, klippekort };
    }
  }
  return { where: 'tab', klippekort: noKlippekort };
}

let hadShell: boolean | null = null;

/** Pages open without a network where the card is kept on the device, and nowhere else. */
function followCard(): void {
  const isKept = localStorage.getItem(name) !== null;
  if (isKept === hadShell || (!isKept && hadShell === null)) return;
  hadShell = isKept;
  void import('./shell.ts')
    .then(({ keepShell, dropShell }) => (isKept ? keepShell() : dropShell()))
    .catch(() => {});
}

/** One write for the whole card, so that it is never half there. */
export function keepCard(where: KeptIn, klippekort: Klippekort): void {
  if (klippekort.card === null && klippekort.under === null) storeOf(where).removeItem(name);
  else storeOf(where).setItem(name, writeKlippekort(klippekort));
  followCard();
}

/** There first, then no longer here. */
export function moveCard(to: KeptIn, klippekort: Klippekort): void {
  keepCard(to, klippekort);
  storeOf(to === 'tab' ? 'device' : 'tab').removeItem(name);
  followCard();
}
