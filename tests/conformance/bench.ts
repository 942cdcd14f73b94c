/**
 * Handlers that want to begin, in the order in which they came. One begins at a time, and those that are held wait until
 * they are released, so that the order of results is the script's and no accident of a host.
 */
export interface Piece {
  /** The node's path, and inside maps its index: `each/charge[1]`. */
  place: string;
  begin(): void;
}

export class Bench {
  readonly #held: Set<string>;
  #pieces: Piece[] = [];
  /** How many ever came. */
  arrived = 0;

  constructor(held: readonly string[] = []) {
    this.#held = new Set(held);
  }

  add(piece: Piece): void {
    this.arrived++;
    this.#pieces.push(piece);
  }

  remove(piece: Piece): void {
    this.#pieces = this.#pieces.filter((other) => other !== piece);
  }

  release(place: string): void {
    if (!this.#held.delete(place)) throw new Error(`${place} is not held`);
  }

  /** Takes out the first that may begin. */
  next(): Piece | undefined {
    const piece = this.#pieces.find(
      ({ place }) => !this.#held.has(place) && !this.#held.has(place.replace(/\[.*/, "")),
    );
    if (piece !== undefined) this.remove(piece);
    return piece;
  }

  /** A handler's turn; rejects when nobody waits for it any more. */
  turn(place: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const piece = { place, begin: resolve };
      signal.addEventListener("abort", () => {
        this.remove(piece);
        reject(signal.reason);
      });
      this.add(piece);
    });
  }
}

export function placeOf(node: string, index: readonly number[] | undefined): string {
  return index === undefined ? node : `${node}[${index.join(",")}]`;
}
