/** Taking an execution out of service: it is shown and kept, and nothing more is done to it. */
import { quarantineExecution } from "@/db/stores/histories";
import { encodeId } from "@/lib/contract/ids";
import type { DoorDependencies } from "./dependencies";
import { QuarantinedHistory, UnknownEventType, UnreadableHistory } from "./event-store";
import type { CommandWork } from "./lane";
import type { States } from "./states";

/** Its history could not be folded, decided on or written: whoever met that is told what, everybody later that it is so. */
export async function quarantine(
  deps: Pick<DoorDependencies, "onTrouble" | "readPool">,
  states: States,
  id: bigint,
  works: readonly CommandWork[],
  error: unknown,
): Promise<void> {
  states.forget(id);
  if (error instanceof UnreadableHistory) {
    deps.onTrouble({ what: "a history cannot be read here", executionId: encodeId("execution", id), error });
    for (const work of works) work.reject(error);
    return;
  }
  const namespaceId = works[0]?.submission.namespaceId;
  // A history that a newer build wrote is fine where that build runs: leave its row alone.
  const told = error instanceof QuarantinedHistory || error instanceof UnknownEventType;
  if (!(error instanceof QuarantinedHistory))
    deps.onTrouble({ what: "execution quarantined", executionId: encodeId("execution", id), error });
  if (!told && namespaceId !== undefined) await quarantineExecution(deps.readPool, namespaceId, id);
  for (const work of works) {
    if (told) work.resolve({ reply: "quarantined", state: null });
    else work.reject(error);
  }
}
