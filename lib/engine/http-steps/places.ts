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
    for (const namespaceId of this.#hoping) {
      const taken = this.#taken.get(namespaceId) ?? 0;
      const count = Math.min(Math.ceil(this.#free / this.#hoping.size), this.share - taken);
      if (count <= 0) continue;
      this.#hoping.delete(namespaceId);
      this.#taken.set(namespaceId, taken + count);
      this.#free -= count;
      return { namespaceId, count };
    }
    return null;
  }

  giveBack(namespaceId: number, count: number): void {
    const left = (this.#taken.get(namespaceId) ?? 0) - count;
    if (left > 0) this.#taken.set(namespaceId, left);
    else this.#taken.delete(namespaceId);
    this.#free += count;
  }
}
