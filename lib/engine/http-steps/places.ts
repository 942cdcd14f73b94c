/**
 * Places for calls that run at once, shared out in turn among the namespaces that have work: none can take more than its
 * share, so that one whose calls are slow leaves room for the others.
 */
export class Places {
  /** Namespaces that may have ready tasks, in the order in which their turn comes. */
  readonly #hoping = new Set<number>();
  readonly #taken = new Map<number, number>();
  #free: number;

  constructor(
    total: number,
    readonly share: number,
  ) {
    this.#free = total;
  }

  /** There may be tasks ready in that namespace. */
  hope(namespaceId: number): void {
    this.#hoping.add(namespaceId);
  }

  /** The next turn: places that are taken until they are given back, and the hope is used up. null: nobody can have any. */
  take(): { namespaceId: number; count: number } | null {
    const able = [...this.#hoping].filter((namespaceId) => this.#leftOf(namespaceId) > 0);
    const [namespaceId] = able;
    if (namespaceId === undefined || this.#free === 0) return null;
    const count = Math.min(Math.ceil(this.#free / able.length), this.#leftOf(namespaceId));
    this.#hoping.delete(namespaceId);
    this.#taken.set(namespaceId, (this.#taken.get(namespaceId) ?? 0) + count);
    this.#free -= count;
    return { namespaceId, count };
  }

  giveBack(namespaceId: number, count: number): void {
    const left = (this.#taken.get(namespaceId) ?? 0) - count;
    if (left > 0) this.#taken.set(namespaceId, left);
    else this.#taken.delete(namespaceId);
    this.#free += count;
  }

  #leftOf(namespaceId: number): number {
    return this.share - (this.#taken.get(namespaceId) ?? 0);
  }
}
