/** What a process that runs the engine removes, a little at a time: what is older than it is kept, and what was deleted. */
import { setTimeout as delay } from "node:timers/promises";
import type { Queryable } from "@/db/client";
import type { Clock } from "@/lib/clock";
import type { Log } from "@/lib/log";
import type { Door } from "../door/door";
import { type Repeated, repeat } from "../process/repeat";
import { dropEmptyPartitions, removeExpired } from "../retention/retention";
import { removeDeleted } from "./removal";

const EVERY_MS = 60_000;
const PARTITIONS_EVERY_MS = 60 * 60_000;
/** After each transaction, so that removing never takes more than a part of the database's time. */
const PAUSE_MS = 50;

export interface CleanUpPorts {
  db: Queryable;
  clock: Clock;
  door: Pick<Door, "applyAll">;
  log: Log;
}

export class CleanUp implements Repeated {
  readonly #stopping = new AbortController();
  readonly #repeated: Repeated[];
  #removing: Promise<void> | null = null;
  #askedAgain = false;

  constructor(private readonly ports: CleanUpPorts) {
    const { db, clock, log } = ports;
    this.#repeated = [
      repeat("retention", EVERY_MS, () => removeExpired(this.#steps()), log),
      repeat("removing what was deleted", EVERY_MS, () => this.#remove(), log),
      repeat(
        "dropping empty partitions",
        PARTITIONS_EVERY_MS,
        () => dropEmptyPartitions(db, new Date(clock.now())),
        log,
      ),
    ];
  }

  /** Something was deleted just now. */
  removeSoon(): void {
    this.#askedAgain = this.#removing !== null;
    this.#remove().catch((error: unknown) => this.ports.log.warn({ error }, "removing what was deleted failed"));
  }

  /** Resolves once the step that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#repeated.map((one) => one.stop()));
    await this.#removing?.catch(() => {});
  }

  /** Never twice at once; asked for meanwhile, it begins anew once it is through. */
  #remove(): Promise<void> {
    this.#removing ??= this.#turns().finally(() => {
      this.#removing = null;
    });
    return this.#removing;
  }

  async #turns(): Promise<void> {
    do {
      this.#askedAgain = false;
      await removeDeleted(this.#steps());
    } while (this.#askedAgain && !this.#stopping.signal.aborted);
  }

  #steps() {
    const { signal } = this.#stopping;
    return { ...this.ports, signal, pause: () => delay(PAUSE_MS, undefined, { signal }).catch(() => {}) };
  }
}
