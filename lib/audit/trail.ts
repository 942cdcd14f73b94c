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

/** It was done, and could not be written down: its caller must not hear that all is well. */
export class NotWrittenDown extends Error {
  override name = "NotWrittenDown";
}

interface TrailOptions {
  db: Queryable;
  clock: Clock;
  log: Log;
  nextKey(): bigint;
}

const REFUSALS_EVERY_MS = 60_000;
/** Kinds of refusals that one organisation's log tells apart in a minute; of all others it says how many there were. */
const KINDS_MAX = 500;
const BATCH_MAX = 500;
const TEXT_MAX = 300;

/** The refusals of one organisation since their minute began: the first of each kind is written at once. */
interface Refusals {
  kinds: Map<string, { row: AuditRow; more: number }>;
  /** Those that found no room among the kinds; null: none. */
  others: { row: AuditRow; count: number } | null;
}

export class AuditTrail {
  /** Entries that wait for the statement that is under way. Never more than calls are open, and refusals told apart. */
  #waiting: { row: AuditRow; settle: (error?: unknown) => void }[] = [];
  #draining: Promise<void> | null = null;
  readonly #refusals = new Map<number, Refusals>();
  readonly #timer: NodeJS.Timeout;

  /** Entries that wait to be written. */
  get waiting(): number {
    return this.#waiting.length;
  }

  constructor(private readonly options: TrailOptions) {
    this.#timer = setInterval(() => this.writeRefusals(), REFUSALS_EVERY_MS);
    this.#timer.unref();
  }

  /** Resolves once the entry has committed. Those that come together share a statement. Throws {@link NotWrittenDown}. */
  async done(origin: AuditOrigin, deed: AuditDeed): Promise<void> {
    try {
      await this.#write(this.#row(origin, deed));
    } catch (cause) {
      throw new NotWrittenDown(`${deed.action} was done and not written down`, { cause });
    }
  }

  /** Within the transaction that changes what the entry tells of. */
  async within(transaction: Queryable, origin: AuditOrigin, deed: AuditDeed): Promise<void> {
    await addAuditEntries(transaction, [this.#row(origin, deed)]);
  }

  /** Nobody waits for it. */
  refused(origin: AuditOrigin, deed: AuditDeed, code: string): void {
    const refusals = this.#refusalsOf(origin.organisationId);
    const kind = JSON.stringify([origin.credential ?? origin.address, deed.action, code]);
    const known = refusals.kinds.get(kind);
    if (known !== undefined) known.more += 1;
    else if (refusals.kinds.size < KINDS_MAX) {
      const row = this.#row(origin, deed, code);
      refusals.kinds.set(kind, { row, more: 0 });
      this.#writeSoon(row);
    } else if (refusals.others !== null) refusals.others.count += 1;
    else
      refusals.others = {
        row: this.#row(otherOrigins(origin), { action: "call.refused", target: null }, code),
        count: 1,
      };
  }

  /** Writes how often each refusal came again, and begins a new minute. */
  writeRefusals(): void {
    const at = new Date(this.options.clock.now());
    for (const { kinds, others } of this.#refusals.values()) {
      for (const { row, more } of kinds.values())
        if (more > 0) this.#writeSoon({ ...row, id: this.options.nextKey(), at, count: more });
      if (others !== null) this.#writeSoon({ ...others.row, id: this.options.nextKey(), at, count: others.count });
    }
    this.#refusals.clear();
  }

  /** Resolves once all that was told is written, or could not be. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    try {
      this.writeRefusals();
    } catch (error) {
      this.options.log.warn({ error }, "refusals were not written down");
    }
    await this.#draining;
  }

  #refusalsOf(organisationId: number): Refusals {
    const known = this.#refusals.get(organisationId);
    if (known !== undefined) return known;
    const none: Refusals = { kinds: new Map(), others: null };
    this.#refusals.set(organisationId, none);
    return none;
  }

  #writeSoon(row: AuditRow): void {
    this.#write(row).catch((error: unknown) =>
      this.options.log.warn({ error, action: row.action, code: row.code }, "a refusal was not written down"),
    );
  }

  #write(row: AuditRow): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      this.#draining ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      const error = await addAuditEntries(
        this.options.db,
        batch.map(({ row }) => row),
      ).then(
        () => undefined,
        (error: unknown) => error ?? new Error("the audit log could not be written"),
      );
      for (const { settle } of batch) settle(error);
    }
    this.#draining = null;
  }

  #row(origin: AuditOrigin, { action, target, details }: AuditDeed, code: string | null = null): AuditRow {
    return {
      id: this.options.nextKey(),
      organisationId: origin.organisationId,
      namespaceId: origin.namespaceId,
      at: new Date(this.options.clock.now()),
      actor: storable(origin.actor),
      action,
      target: storableOrNull(target),
      outcome: code === null ? "done" : "refused",
      code,
      credential: storableOrNull(origin.credential),
      address: storableOrNull(origin.address),
      userAgent: storableOrNull(origin.userAgent),
      requestId: origin.requestId,
      count: 1,
      details: details === undefined ? null : JSON.stringify(details),
    };
  }
}

/** Where there are too many to tell apart, an entry stands for all of them. */
function otherOrigins({ organisationId }: AuditOrigin): AuditOrigin {
  const unknown = { credential: null, address: null, userAgent: null, requestId: null };
  return { organisationId, namespaceId: null, actor: "unknown", ...unknown };
}

const UNSTORABLE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Short enough, and without what no database keeps: one odd name must not take along the entries of others. */
function storable(text: string): string {
  return text.slice(0, TEXT_MAX).replace(UNSTORABLE, "\uFFFD");
}

function storableOrNull(text: string | null): string | null {
  return text === null ? null : storable(text);
}
