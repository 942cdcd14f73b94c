/**
 * How a server leaves: serving ──told──▶ leaving (not ready, all is served) ──drained──▶ stopping (parked
 * calls end, nothing new is taken in).
 */

export class WayOut {
  readonly #leaving = new AbortController();
  readonly #stopping = new AbortController();

  /** @param drained resolves when whoever balances load has had its time to notice */
  constructor(private readonly drained: () => Promise<unknown>) {}

  /** Aborted once the process was told to stop. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Aborted once it stops. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Told again, it changes nothing: a service manager and a launcher may both pass the same signal on. */
  tell(): void {
    if (this.#leaving.signal.aborted) return;
    this.#leaving.abort();
    void this.drained().then(() => this.stop());
  }

  /** Without waiting for anybody. */
  stop(): void {
    this.#leaving.abort();
    this.#stopping.abort();
  }
}
