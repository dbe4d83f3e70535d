// @ts-check
// The way out: every visitor page with a leave-now link loads this, with or without the rest.
(() => {
  const link = '[data-testid="leave-now"]';
  const within = 5000;
  let left = false;
  let taps = 0;
  let last = 0;
  let alone = false;

  const blank = () => {
    document.body.replaceChildren();
    document.title = '…';
  };

  const go = () => {
    const { exit = '' } = document.documentElement.dataset;
    location.replace(/^(https:\/)?\/[^/]/.test(exit) ? exit : '/leave');
  };

  /** Nothing here may hold up the way out. @param {() => unknown} act */
  const quietly = async (act) => {
    try {
      await act();
    } catch {}
  };

  const forget = () => {
    quietly(() => localStorage.clear());
    quietly(() => sessionStorage.clear());
    quietly(async () => (await caches.keys()).forEach((name) => caches.delete(name)));
    quietly(async () =>
      (await indexedDB.databases()).forEach(({ name }) => name && indexedDB.deleteDatabase(name))
    );
    quietly(async () =>
      (await navigator.serviceWorker.getRegistrations()).forEach((worker) => worker.unregister())
    );
  };

  const leave = () => {
    blank();
    left = true;
    quietly(() => dispatchEvent(new Event('frirum:leave')));
    forget();
    go();
  };

  addEventListener(
    'click',
    (event) => {
      const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event;
      const anchor = target instanceof Element && target.closest('a');
      if (!anchor || !document.querySelector(link)) return;
      if (anchor.matches(link)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return leave();
      }
      if (button || ctrlKey || metaKey || shiftKey || altKey || anchor.target) return;
      if (anchor.origin !== location.origin || anchor.hasAttribute('download')) return;
      // One entry in the history is all there is of us.
      event.preventDefault();
      location.replace(anchor.href);
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
      if (event.key !== 'Shift' || !alone || !document.querySelector(link)) return;
      alone = false;
      taps = event.timeStamp - last > within ? 1 : taps + 1;
      last = event.timeStamp;
      if (taps === 3) leave();
    },
    true
  );

  addEventListener('pagehide', () => left && blank());
  addEventListener('pageshow', (event) => {
    if (!left || !event.persisted) return;
    blank();
    go();
  });
})();
