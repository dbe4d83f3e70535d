/**
 * Who wants the same slot comes one after the other: the first has its clip looked at, and those who come
 * too late are answered without. That nobody comes twice into one seat is the store's to say, not this.
 */
export class TurnsAtSlot {
  private readonly last = new Map<number, Promise<unknown>>();

  async take<T>(slot: number, task: () => Promise<T>): Promise<T> {
    const before = this.last.get(slot);
    const mine = before ? before.then(task, task) : task();
    this.last.set(slot, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(slot) === mine) this.last.delete(slot);
    }
  }
}
