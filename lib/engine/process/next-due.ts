/**
 * Rings when the next deadline of any execution comes, so that graphile-worker may poll slowly and timers still fire in
 * time. It knows what this process armed, and asks one query for what others did.
 */
import type { Clock } from "@/lib/clock";
import type { Log } from "@/lib/log";

export interface NextDueOptions {
  clock: Clock;
  /** A deadline has come: jobs are due. */
  ring(): void;
  /** Whether any deadline at or before `now` is not yet dealt with, and the first one after it; epoch milliseconds. */
  look(now: number): Promise<{ overdue: boolean; nextAt: number | null }>;
  log: Log;
}

/** A timer of Node fires at once where it is set for longer than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** So that the database, whose clock is measured and not this one, agrees that the time has come. */
const MARGIN_MS = 2;
/** After a ring: as long as something due is left, it rings again, less and less often. */
const FIRST_AGAIN_MS = 20;
const LONGEST_AGAIN_MS = 5_000;

export class NextDue {
  readonly #options: NextDueOptions;
  #at = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #again: NodeJS.Timeout | null = null;
  #againMs = FIRST_AGAIN_MS;
  #looking = false;
  #stopped = false;

  constructor(options: NextDueOptions) {
    this.#options = options;
  }

  /** A deadline was written for that time (epoch milliseconds). */
  armed(at: number): void {
    if (this.#stopped || at >= this.#at) return;
    this.#at = at;
    this.#setTimer();
  }

  /** Others may have armed something, or left something that is due: looks within a moment, once for many calls. */
  lookSoon(): void {
    if (this.#stopped) return;
    this.#againMs = FIRST_AGAIN_MS;
    this.#again ??= setTimeout(() => this.#look(), FIRST_AGAIN_MS);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#again !== null) clearTimeout(this.#again);
  }

  #setTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#at === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.max(0, this.#at - this.#options.clock.now() + MARGIN_MS);
    this.#timer = setTimeout(() => this.#due(), Math.min(delayMs, LONGEST_TIMER_MS));
  }

  #due(): void {
    if (this.#at > this.#options.clock.now()) {
      this.#setTimer();
      return;
    }
    this.#at = Number.POSITIVE_INFINITY;
    this.#options.ring();
    this.lookSoon();
  }

  async #look(): Promise<void> {
    this.#again = null;
    if (this.#looking || this.#stopped) return;
    this.#looking = true;
    try {
      const { overdue, nextAt } = await this.#options.look(this.#options.clock.now());
      if (nextAt !== null) this.armed(nextAt);
      if (overdue && !this.#stopped) {
        this.#options.ring();
        this.#again ??= setTimeout(() => this.#look(), this.#againMs);
        this.#againMs = Math.min(LONGEST_AGAIN_MS, this.#againMs * 2);
      }
    } catch (error) {
      // The minute's sweep looks again.
      this.#options.log.warn({ error }, "looking for the next deadline failed");
    } finally {
      this.#looking = false;
    }
  }
}
