/**
 * The audit log as the server writes it. What was done is committed before its caller hears of it; what was refused is
 * written once a minute for each kind at most, with how often it came, so that a flood of wrong calls fills no table.
 */
import type { Queryable } from "@/db/client";
import { type AuditRow, addAuditEntries } from "@/db/stores/audit-log";
import type { Clock } from "@/lib/clock";
import type { JsonObject } from "@/lib/contract/json";
import type { Log } from "@/lib/log";

/** Who asked for something, from where and with what. */
export interface AuditOrigin {
  organisationId: number;
  /** Null for what concerns the organisation as a whole. */
  namespaceId: number | null;
  actor: string;
  credential: string | null;
  address: string | null;
  userAgent: string | null;
  requestId: string | null;
}

export interface AuditDeed {
  /** `thing.verb`, such as `execution.cancel`. */
  action: string;
  /** The thing's public id or name. */
  target: string | null;
  /** What was changed, without secrets and payloads. */
  details?: JsonObject;
}

interface TrailOptions {
  db: Queryable;
  clock: Clock;
  log: Log;
  nextKey(): bigint;
}

const REFUSALS_EVERY_MS = 60_000;
/** Kinds of refusals that are counted at once; of others, only the log tells until the minute is over. */
const KINDS_MAX = 1_000;

export class AuditTrail {
  /** Entries that wait for the statement that is under way. */
  #waiting: { row: AuditRow; settle: (error?: unknown) => void }[] = [];
  #writing = false;
  /** Refusals by kind since their minute began: the first of each is written at once. */
  readonly #refusals = new Map<string, { row: AuditRow; more: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly options: TrailOptions) {
    this.#timer = setInterval(() => this.writeRefusals(), REFUSALS_EVERY_MS);
    this.#timer.unref();
  }

  /** Resolves once the entry has committed. Those that come together share a statement. */
  done(origin: AuditOrigin, deed: AuditDeed): Promise<void> {
    return this.#write(this.#row(origin, deed, null));
  }

  /** Within the transaction that changes what the entry tells of. */
  within(transaction: Queryable, origin: AuditOrigin, deed: AuditDeed): Promise<void> {
    return addAuditEntries(transaction, [this.#row(origin, deed, null)]);
  }

  /** Nobody waits for it. */
  refused(origin: AuditOrigin, deed: AuditDeed, code: string): void {
    const kind = JSON.stringify([origin.organisationId, origin.credential ?? origin.address, deed.action, code]);
    const known = this.#refusals.get(kind);
    if (known !== undefined) {
      known.more += 1;
      return;
    }
    if (this.#refusals.size >= KINDS_MAX) return;
    const row = this.#row(origin, deed, code);
    this.#refusals.set(kind, { row, more: 0 });
    this.#write(row).catch((error: unknown) => this.options.log.warn({ error }, "a refusal was not written down"));
  }

  /** Writes how often each refusal came again, and begins a new minute. */
  writeRefusals(): void {
    const now = new Date(this.options.clock.now());
    for (const { row, more } of this.#refusals.values()) {
      if (more === 0) continue;
      const again = { ...row, id: this.options.nextKey(), at: now, count: more };
      this.#write(again).catch((error: unknown) => this.options.log.warn({ error }, "refusals were not written down"));
    }
    this.#refusals.clear();
  }

  /** Resolves once all that was told is written. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.writeRefusals();
    while (this.#writing) await new Promise((resolve) => setImmediate(resolve));
  }

  #write(row: AuditRow): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      if (!this.#writing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const error = await addAuditEntries(
        this.options.db,
        batch.map(({ row }) => row),
      ).then(
        () => undefined,
        (error: unknown) => error,
      );
      for (const { settle } of batch) settle(error);
    }
    this.#writing = false;
  }

  #row(origin: AuditOrigin, { action, target, details }: AuditDeed, code: string | null): AuditRow {
    return {
      ...origin,
      id: this.options.nextKey(),
      at: new Date(this.options.clock.now()),
      userAgent: origin.userAgent?.slice(0, 300) ?? null,
      action,
      target: target?.slice(0, 300) ?? null,
      outcome: code === null ? "done" : "refused",
      code,
      count: 1,
      details: details === undefined ? null : JSON.stringify(details),
    };
  }
}
