/** Whether this process can serve: it is not about to leave, the database answers with tables as new as it needs, jobs are taken. */
import { newestMigration } from "@/db/queries/applied-migrations";
import { firstRow } from "@/db/queries/query";
import type { Config } from "@/lib/config";
import type { Services } from "@/lib/engine/services";
import { within } from "@/lib/http/within";

export interface Readiness {
  ready: boolean;
  /** What keeps it from serving, in one sentence. */
  reason: string | null;
  engine: Config["engine"];
  /** Written by a newer build and met here: their executions are left to processes of that build. */
  unknownEventTypes: string[];
}

const ANSWER_WITHIN_MS = 2_000;

type Ports = Pick<Services, "db" | "unready" | "unknownEventTypes">;

export class ReadinessCheck {
  #leaving = false;
  /** Those that ask at the same time share an answer. */
  #asking: Promise<string | null> | null = null;

  private constructor(
    private readonly services: Ports,
    private readonly engine: Config["engine"],
    /** The newest migration when the process started, which is as new as it needs: a newer one is no obstacle. */
    private readonly needed: number,
  ) {}

  /** The database must be migrated. */
  static async open(services: Ports, engine: Config["engine"]): Promise<ReadinessCheck> {
    return new ReadinessCheck(services, engine, await migratedTo(services));
  }

  /** Not ready any more, for good; what is asked is still answered. */
  leave(): void {
    this.#leaving = true;
  }

  async check(): Promise<Readiness> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    const reason = this.#leaving ? "The server is about to stop." : await this.#asking;
    return {
      ready: reason === null,
      reason,
      engine: this.engine,
      unknownEventTypes: [...this.services.unknownEventTypes],
    };
  }

  async #ask(): Promise<string | null> {
    const reason = await this.services.unready();
    if (reason !== null) return reason;
    const migrated = await within(ANSWER_WITHIN_MS, migratedTo(this.services)).catch(() => null);
    if (migrated === null) return "The database does not answer.";
    return migrated < this.needed ? "The database's tables are older than this server needs." : null;
  }
}

async function migratedTo({ db }: Pick<Ports, "db">): Promise<number> {
  return Number((await firstRow(db, newestMigration()))?.made_at ?? 0);
}
