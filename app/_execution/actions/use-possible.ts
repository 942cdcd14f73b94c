"use client";
/** What may be done to the execution that the page shows: by its state as the core judges it, and by the person's rights. */
import { useMay } from "@/lib/client/permissions";
import type { Execution } from "@/lib/contract/executions";
import { CONTROLS, type Control, obstacleTo, type Standing } from "@/lib/core/execution/possible";
import { isQuarantined } from "@/lib/core/execution/statuses";
import type { Snapshot } from "../execution-feed";

const NOTHING: ReadonlySet<Control> = new Set();
const FORK_ALONE: ReadonlySet<Control> = new Set(["fork"]);

/** At a moment in the past nothing can be changed: a fork alone begins there. */
export function usePossible(execution: Execution, snapshot: Snapshot): ReadonlySet<Control> {
  const may = useMay("execute");
  if (!may) return NOTHING;
  if (snapshot.at !== null) return isQuarantined(execution) ? NOTHING : FORK_ALONE;
  const standing = standingOf(execution, snapshot);
  return new Set(CONTROLS.filter((control) => obstacleTo(control, standing) === null));
}

/** The folded state is newer than the server's answer; that an execution is in quarantine, the answer alone tells. */
function standingOf(execution: Execution, { state }: Snapshot): Standing {
  if (state !== null && !isQuarantined(execution) && state.sequence >= execution.sequence) return state;
  return { ...execution, compensations: state?.compensations ?? [] };
}

/** Whether a step can be rerun: one of the definition's own graph that has begun. Inside maps none can. */
export function canRerunFrom({ state }: Snapshot, node: string): boolean {
  return state?.root.steps.some((step) => step.node === node && step.startedAt !== null) ?? false;
}
