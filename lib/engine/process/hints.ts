/** Passes on what other processes announce, and makes up for what was missed: one query a process, while anyone waits. */
import type { Queryable } from "@/db/client";
import { progressOf } from "@/db/queries/executions-by-ref";
import type { Log } from "@/lib/log";
import { type Announcements, decodeAnnouncement, type Told } from "./announcements";
import type { Keys } from "./keys";
import { type Repeated, repeat } from "./repeat";

export interface HintsOptions {
  db: Queryable;
  keys: Keys;
  announcements: Announcements;
  /** Another process committed something, and may have set an alarm. */
  deadlinesMoved(): void;
  log: Log;
}

const LOOK_EVERY_MS = 3_000;
/** Executions that one statement is asked about. */
const LOOK_AT_ONCE = 5_000;

export class Hints {
  constructor(readonly options: HintsOptions) {}

  start(): Repeated {
    return repeat("looking for missed announcements", LOOK_EVERY_MS, () => this.look(), this.options.log);
  }

  /** A notification on the channel; this process's own are known already. */
  received(payload: string): void {
    const received = decodeAnnouncement(payload);
    if (received === null || received.slot === this.options.keys.slot) return;
    const { committed, changes } = received;
    if (committed === "all") {
      this.missed(changes);
      return;
    }
    this.options.announcements.publish({ ...committed, changes });
    this.options.deadlinesMoved();
  }

  /** Whatever was announced lately may have been missed. */
  missed(changes: Told = "all"): void {
    this.options.announcements.missed(changes);
    this.options.deadlinesMoved();
    this.look().catch((error: unknown) => this.options.log.warn({ error }, "looking for missed announcements failed"));
  }

  /** Costs nothing while nobody waits for an execution. */
  async look(): Promise<void> {
    const { announcements, db } = this.options;
    const waitedFor = announcements.waitedFor();
    for (let i = 0; i < waitedFor.length; i += LOOK_AT_ONCE)
      for (const { id, ...progress } of await progressOf(db, waitedFor.slice(i, i + LOOK_AT_ONCE)))
        announcements.heard(id, progress);
  }
}
