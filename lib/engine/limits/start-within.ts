/** What opens an execution on somebody's behalf, within what its namespace may have open. */
import type { Door, StartApplied, StartSubmission } from "../door/door";
import type { Refusal } from "../outcome";
import type { StartLimit } from "./limits";

/** Through the door, if the namespace may have one more open execution. */
export async function startWithin(
  { door, limits }: { door: Pick<Door, "start">; limits?: StartLimit },
  submission: StartSubmission,
): Promise<StartApplied | Refusal> {
  return opening(limits, submission.namespaceId, () => door.start(submission));
}

/** Does what may open an execution, unless its namespace has as many as it may. */
export async function opening<T extends { outcome: string }>(
  limits: StartLimit | undefined,
  namespaceId: number,
  open: () => Promise<T>,
): Promise<T | Refusal> {
  const room = await limits?.mayOpen(namespaceId);
  if (room?.ok === false) return room;
  let opened = true;
  try {
    const applied = await open();
    opened = applied.outcome === "started";
    return applied;
  } finally {
    // One whose outcome is unknown may have been opened.
    room?.value(opened);
  }
}
