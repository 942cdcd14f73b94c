/** Deletes a namespace: nobody gets in from then on, its name is free, and what is in it goes in the background. */
import type { Queryable } from "@/db/client";
import { markNamespaceDeleted } from "@/db/stores/removal";
import { inTransaction } from "@/db/transaction";
import { done, type Outcome, refused } from "../outcome";
import type { Services } from "../services";

export type RemovalServices = Pick<Services, "db" | "clock" | "limits" | "waiters" | "removalAsked">;

/** @param write the entry of the audit log, within the transaction */
export async function deleteNamespace(
  services: RemovalServices,
  organisationId: number,
  name: string,
  write: (transaction: Queryable) => Promise<void>,
): Promise<Outcome<null>> {
  const now = new Date(services.clock.now());
  const marked = await inTransaction(services.db, async (transaction) => {
    const marked = await markNamespaceDeleted(transaction, organisationId, name, now);
    if (typeof marked === "object") await write(transaction);
    return marked;
  });
  if (marked === "unknown") return refused("NAMESPACE_NOT_FOUND");
  if (marked === "kept")
    return refused("NOT_DELETABLE", "The namespace in which this installation began cannot be deleted.");
  if (marked === "last")
    return refused("NOT_DELETABLE", "It is the last namespace of its organisation: delete the organisation.");
  namespacesEnded(services, [marked.id]);
  return done(null);
}

/** In this process at once; others notice within seconds, and a poll that is parked there ends with its time. */
export function namespacesEnded(services: RemovalServices, namespaceIds: readonly number[]): void {
  for (const id of namespaceIds) {
    services.limits.settings.forget(id);
    services.waiters.endOfNamespace(id);
  }
  services.removalAsked();
}
