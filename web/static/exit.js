// @ts-check
// The way out of every page with a leave-now link; needs nothing else to have loaded.
(() => {
  const way = () => document.querySelector('[data-testid="leave-now"]');
  let gone = false;
  let taps = 0;
  let last = 0;
  let alone = false;

  /** Nothing may hold up the way out. @param {() => unknown} act */
  const quietly = (act) => void (async () => act())().catch(() => {});

  const blank = () => {
    document.body.replaceChildren();
    document.title = '…';
    quietly(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
  };

  const leave = () => {
    blank();
    gone = true;
    quietly(() => dispatchEvent(new Event('frirum:leave')));
    quietly(async () => (await caches.keys()).map((name) => caches.delete(name)));
    quietly(async () =>
      (await indexedDB.databases()).map(({ name }) => name && indexedDB.deleteDatabase(name))
    );
    quietly(async () =>
      (await navigator.serviceWorker.getRegistrations()).map((worker) => worker.unregister())
    );
    const { exit = '' } = document.documentElement.dataset;
    location.replace(/^(https:\/)?\/[^/]/.test(exit) ? exit : '/leave');
  };

  addEventListener(
    'click',
    (event) => {
      const { target, clientX: x, clientY: y } = event;
      const out = way();
      if (!out) return;
      const link = target instanceof Element && target.closest('a');
      // A dialog may lie over it: what counts is where it is seen.
      const { left, right, top, bottom } = out.getBoundingClientRect();
      if (link === out || (x > left && x < right && y > top && y < bottom)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        leave();
      } else if (
        link &&
        link.origin === location.origin &&
        !(link.target || event.ctrlKey || event.metaKey || event.shiftKey)
      ) {
        // One entry in the history is all there is of us.
        event.preventDefault();
        location.replace(link.href);
      }
    },
    true
  );

  addEventListener(
    'keydown',
    (event) => {
      if (event.repeat) return;
      alone = event.key === 'Shift' && !event.ctrlKey && !event.altKey && !event.metaKey;
      if (!alone) taps = 0;
    },
    true
  );
  addEventListener('pointerdown', () => (alone = false), true);
  addEventListener(
    'keyup',
    (event) => {
      if (event.key !== 'Shift' || !alone || !way()) return;
      alone = false;
      taps = event.timeStamp - last > 5000 ? 1 : taps + 1;
      last = event.timeStamp;
      if (taps === 3) leave();
    },
    true
  );

  // Nothing comes back, and nobody keeps where it was.
  for (const end of ['beforeunload', 'pagehide', 'pageshow', 'visibilitychange'])
    addEventListener(
      end,
      (event) => {
        if (!gone) return;
        event.stopImmediatePropagation();
        blank();
      },
      true
    );
})();
