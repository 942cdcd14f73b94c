/**
 * Takes an execution back into service: its history is folded anew and everything beside it held against that. If all is
 * as it should be, whatever kept it from being folded, decided on or written may have been put right since.
 */
import { liftQuarantine } from "@/db/stores/histories";
import { wakeAt } from "@/lib/core/execution/deadlines";
import { openTasks } from "../open-tasks";
import { encodeAnnouncement } from "../process/announcements";
import { proveExecution } from "../prove-execution";
import type { DoorDependencies } from "./dependencies";
import type { Announcement, Lifted, Target } from "./door";
import type { States } from "./states";

export async function lift(deps: DoorDependencies, states: States, target: Target): Promise<Lifted> {
  const { namespaceId, executionId: id } = target;
  const proof = await proveExecution({ db: deps.readPool, graphs: deps.graphs }, target);
  if (proof === null) return { outcome: "not-found" };
  const { stored, state, differences } = proof;
  if (stored.status !== "quarantined") return { outcome: "not-quarantined" };
  if (differences.length > 0) return { outcome: "inconsistent", differences };
  const announcement: Announcement = {
    executions: [{ id, sequence: state.sequence, closed: state.closedAt !== null }],
    queues: [...new Set(openTasks(state).map(({ queue }) => queue))].map((queue) => ({ namespaceId, queue })),
    changes: [{ namespaceId, rooms: ["executions", "queues"] }],
  };
  const wake = wakeAt(state);
  const lifted = await liftQuarantine(deps.readPool, {
    namespaceId,
    id,
    sequence: state.sequence,
    status: state.status,
    nextWakeAt: wake === null ? null : new Date(wake),
    paused: state.pausedAt !== null,
    notify: encodeAnnouncement(deps.slot(), announcement),
  });
  states.forget(id);
  if (!lifted) return { outcome: "busy" };
  if (wake !== null) deps.onWakeArmed(wake);
  deps.announce(announcement);
  return { outcome: "lifted", state };
}
