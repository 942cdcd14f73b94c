/** Tasks that share a key: as many run at once as their limit says, the others wait, by priority, then as they came. */

export interface Waiter {
  readonly key: string;
  readonly limit: number;
  /** Higher is sooner. */
  readonly priority: number;
  /** It has a place, until {@link KeyedPlaces.leave}. */
  begin(): void;
}

export class KeyedPlaces {
  private readonly running = new Map<string, number>();
  private readonly waiting = new Map<string, Waiter[]>();

  enter(waiter: Waiter): void {
    const queue = this.waiting.get(waiter.key) ?? [];
    const behind = queue.findIndex(({ priority }) => priority < waiter.priority);
    queue.splice(behind < 0 ? queue.length : behind, 0, waiter);
    this.waiting.set(waiter.key, queue);
    this.fill(waiter.key);
  }

  /** It has not begun, and is not to. */
  withdraw(waiter: Waiter): void {
    const queue = this.waiting.get(waiter.key)?.filter((other) => other !== waiter) ?? [];
    if (queue.length > 0) this.waiting.set(waiter.key, queue);
    else this.waiting.delete(waiter.key);
    this.fill(waiter.key);
  }

  /** One that had begun is over. */
  leave(key: string): void {
    const left = (this.running.get(key) ?? 1) - 1;
    if (left > 0) this.running.set(key, left);
    else this.running.delete(key);
    this.fill(key);
  }

  private fill(key: string): void {
    const queue = this.waiting.get(key) ?? [];
    for (let first = queue[0]; first !== undefined && this.count(key) < first.limit; first = queue[0]) {
      queue.shift();
      this.running.set(key, this.count(key) + 1);
      first.begin();
    }
    if (queue.length === 0) this.waiting.delete(key);
  }

  private count(key: string): number {
    return this.running.get(key) ?? 0;
  }
}
