/**
 * Answers that many ask for again and again, kept for a few seconds: of those who ask at once the first one's is everybody's.
 * One that failed is forgotten. Whoever keeps an answer names in its key all that it depends on, the namespace above all.
 */
import type { Clock } from "@/lib/clock";

/** More than dashboards are open; beyond it the oldest goes. */
const KEPT_AT_MOST = 1_000;

export class RecentAnswers {
  readonly #kept = new Map<string, { until: number; answer: Promise<unknown> }>();

  constructor(private readonly clock: Clock) {}

  answer<T>(key: string, keptMs: number, read: () => Promise<T>): Promise<T> {
    const now = this.clock.now();
    const kept = this.#kept.get(key);
    // What stands under a key is what was read under it.
    if (kept !== undefined && now < kept.until) return kept.answer as Promise<T>;
    const answer = read();
    this.#kept.delete(key);
    this.#kept.set(key, { until: now + keptMs, answer });
    answer.catch(() => {
      if (this.#kept.get(key)?.answer === answer) this.#kept.delete(key);
    });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_AT_MOST) break;
      this.#kept.delete(oldest);
    }
    return answer;
  }
}
