/** What the use cases of this folder are given: the database, the time, new ids, and the entry of the audit log. */
import type { Pool, Queryable } from "@/db/client";
import type { AuditDeed } from "@/lib/audit/trail";
import type { Clock } from "@/lib/clock";

export interface TenancyServices {
  db: Pool;
  clock: Clock;
  keys: { next(): bigint };
}

/** The call's entry of the audit log, written in the transaction of what it tells of. */
export interface Note {
  /** The entry belongs in that organisation's log, whatever organisation the caller was in. */
  inLogOf(organisationId: number): void;
  within(transaction: Queryable, more?: Partial<Omit<AuditDeed, "action">>): Promise<void>;
  /** Nothing was changed: there is no entry. */
  nothing(): void;
}

/** For what happens without a call of the API: nobody asked for an entry. */
export const NO_NOTE: Note = { inLogOf() {}, within: async () => {}, nothing() {} };
