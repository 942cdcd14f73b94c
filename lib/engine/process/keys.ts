/** Makes the keys of rows: unique over all processes that hold a slot, and never smaller than the one before. */
import type { Clock } from "@/lib/clock";
import { KEY_COUNTER_BITS, KEY_EPOCH_MS, KEY_SLOT_BITS } from "@/lib/contract/ids";

/** How many processes can make keys at once. */
export const SLOTS = 1 << KEY_SLOT_BITS;
const COUNTS = 1 << KEY_COUNTER_BITS;

/** This process holds no slot, so a key of it could be made by another one too. Passes by itself; answered 503. */
export class NoSlot extends Error {
  override name = "NoSlot";
  constructor() {
    super("this process is not connected to the database at the moment and cannot make keys");
  }
}

/**
 * 41 bits of milliseconds since 2025, 10 bits of slot, 12 bits of a counter. A clock that goes back stands still here
 * until it has caught up, and a millisecond that needs more than 4,096 keys borrows from the next.
 */
export class Keys {
  #ms = 0;
  #count = 0;
  #slot: number | null = null;

  constructor(readonly clock: Clock) {}

  /** The slot whose advisory lock this process holds; null while it holds none. */
  get slot(): number | null {
    return this.#slot;
  }

  /** Keys of another slot may sort before those made in the same millisecond, so the next one begins a new millisecond. */
  holdSlot(slot: number): void {
    if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS) throw new RangeError(`no slot: ${slot}`);
    this.#slot = slot;
    this.#count = COUNTS;
  }

  loseSlot(): void {
    this.#slot = null;
  }

  /** Throws {@link NoSlot}. */
  next(): bigint {
    if (this.#slot === null) throw new NoSlot();
    const now = this.clock.now() - KEY_EPOCH_MS;
    if (now > this.#ms) {
      this.#ms = now;
      this.#count = 0;
    } else if (this.#count >= COUNTS) {
      this.#ms += 1;
      this.#count = 0;
    }
    const low = (this.#slot << KEY_COUNTER_BITS) | this.#count++;
    return (BigInt(this.#ms) << BigInt(KEY_SLOT_BITS + KEY_COUNTER_BITS)) | BigInt(low);
  }
}
