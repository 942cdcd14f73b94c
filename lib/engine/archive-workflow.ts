/** Takes a workflow out of use: no new executions, running ones go on. Publishing it again takes it back in. */
import { archiveByName } from "@/db/stores/workflows";
import { type Caller, reachesWorkflow } from "./caller";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

/** Repeating it changes nothing. */
export async function archiveWorkflow(
  { db, clock, graphs }: Pick<Services, "db" | "clock" | "graphs">,
  caller: Caller,
  name: string,
): Promise<Outcome<null>> {
  const { namespaceId } = caller;
  if (!reachesWorkflow(caller, name)) return refused("WORKFLOW_NOT_FOUND");
  if (!(await archiveByName(db, namespaceId, name, new Date(clock.now())))) return refused("WORKFLOW_NOT_FOUND");
  graphs.forget(namespaceId, name);
  return done(null);
}
