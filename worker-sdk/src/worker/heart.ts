/** Beats while anything runs: names every task, learns which are cancelled or lost. At rest it is silent, for polls say that the worker lives. */

/** A handler that reports progress in a tight loop still beats only this often. */
const SOONEST_SHARE = 0.2;

export class Heart {
  private timer: NodeJS.Timeout | undefined;
  private beating = false;
  private wanted = false;
  private hurried = false;
  private stopped = false;
  private lastAt = Number.NEGATIVE_INFINITY;
  /** They wait for a beat that begins after they came. */
  private waiting: (() => void)[] = [];

  constructor(
    private readonly intervalMs: () => number,
    /** One heartbeat; false where there was nothing to name, so that beating ends. */
    private readonly beat: () => Promise<boolean>,
  ) {}

  /** Call it when something begins to run. */
  start(): void {
    this.wanted = true;
    if (this.timer === undefined && !this.beating) this.schedule(this.intervalMs());
  }

  /** Beats before its time, because a handler has something to say. */
  soon(): void {
    if (this.beating) {
      this.hurried = true;
      return;
    }
    clearTimeout(this.timer);
    this.schedule(Math.max(0, this.lastAt + this.intervalMs() * SOONEST_SHARE - performance.now()));
  }

  /** Resolves once a beat that begins after this call is over, answered or not; or at the stop. */
  next(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.soon();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private schedule(inMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.run(), inMs);
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    this.beating = true;
    this.wanted = false;
    this.hurried = false;
    this.lastAt = performance.now();
    const waiting = this.waiting.splice(0);
    const named = await this.beat();
    this.beating = false;
    if (this.hurried) this.soon();
    else if (named || this.wanted) this.schedule(this.intervalMs());
    for (const resolve of waiting) resolve();
  }
}
