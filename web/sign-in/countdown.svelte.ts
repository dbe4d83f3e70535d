/** Whole seconds that are still to be waited; 0 is now. */
export class Countdown {
  #seconds = $state(0);
  #ticking: ReturnType<typeof setInterval> | undefined;

  get seconds(): number {
    return this.#seconds;
  }

  start(seconds: number): void {
    clearInterval(this.#ticking);
    const until = Date.now() + seconds * 1000;
    const tick = () => {
      // A laptop that slept has waited as well.
      this.#seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      if (this.#seconds === 0) clearInterval(this.#ticking);
    };
    this.#ticking = setInterval(tick, 250);
    tick();
  }
}
