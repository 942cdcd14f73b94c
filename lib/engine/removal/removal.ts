/**
 * Removes what was deleted: namespaces with all that is in them, then organisations without any. What is left says what is
 * still to be done, so that whichever process has the next turn goes on where the last one stopped or died.
 *
 *   marked --schedules, operations--> quiet --terminate--> ended --remove--> empty --grace over--> gone
 *                                       ^--- a start that was under way ----'
 */
import type { Queryable } from "@/db/client";
import {
  type DeletedRow,
  deletedNamespaces,
  emptyOrganisations,
  openAfter,
  removeAuditEntries,
  removeNamespaceRow,
  removeOperations,
  removeOrganisationRow,
  removeSchedules,
} from "@/db/stores/removal";
import { removeEnded } from "@/db/stores/retention";
import type { Clock } from "@/lib/clock";
import type { Door } from "../door/door";

export interface RemovalPorts {
  db: Queryable;
  /** The database's time. */
  clock: Clock;
  door: Pick<Door, "applyAll">;
  /** Between two steps: others have their turn. */
  pause(): Promise<unknown>;
  /** Aborted when the process stops: the step that is under way is the last. */
  signal: AbortSignal;
}

/** Calls that were let in before the deletion was known everywhere are over by then, and what they write is written. */
const GRACE_MS = 60_000;
const TERMINATE_AT_ONCE = 200;
const REASON = "The namespace was deleted.";

/** One turn. Throws where the database or a flush failed: the next turn goes on. */
export async function removeDeleted(ports: RemovalPorts): Promise<void> {
  for (const namespace of await deletedNamespaces(ports.db)) {
    if (ports.signal.aborted) return;
    await removeNamespace(ports, namespace);
  }
  for (const { id } of await emptyOrganisations(ports.db)) {
    if (await again(ports, () => removeAuditEntries(ports.db, id))) await removeOrganisationRow(ports.db, id);
  }
}

async function removeNamespace(ports: RemovalPorts, { id, deletedAt }: DeletedRow): Promise<void> {
  const { db, clock } = ports;
  const isThrough =
    (await again(ports, () => removeSchedules(db, id))) &&
    (await again(ports, () => removeOperations(db, id))) &&
    (await terminateAll(ports, id)) &&
    (await again(ports, async () => (await removeEnded(db, id)) > 0));
  if (isThrough && clock.now() - deletedAt.getTime() >= GRACE_MS) await removeNamespaceRow(db, id);
}

/** Through the one door: workers and children hear of it. One that cannot be folded here is left to a process that can. */
async function terminateAll(ports: RemovalPorts, namespaceId: number): Promise<boolean> {
  const command = { type: "terminate", reason: REASON } as const;
  let after = 0n;
  return again(ports, async () => {
    const page = await openAfter(ports.db, namespaceId, after, TERMINATE_AT_ONCE);
    const submissions = page.map((executionId) => ({ namespaceId, executionId, actor: "engine", command }));
    const results = await ports.door.applyAll(submissions);
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    after = page.at(-1) ?? after;
    return page.length > 0;
  });
}

/** A step after the other until one finds nothing to do; false where the process stops before. */
async function again({ pause, signal }: RemovalPorts, step: () => Promise<boolean>): Promise<boolean> {
  while (!signal.aborted) {
    if (!(await step())) return true;
    await pause();
  }
  return false;
}
