"use client";
/**
 * Which steps a worker runs right now. A lease is no event, so that it is not in the folded history: it is read from the
 * server every few seconds while the execution is open, and laid over the rows.
 */
import { useMemo } from "react";
import { useRunningSteps } from "@/lib/client/queries";
import type { Execution, StepStatus } from "@/lib/contract/executions";
import { shownStatus as statusOf } from "@/lib/core/execution/statuses";
import { type Row, stepKey } from "./timeline-model";

export interface Running {
  since: number | null;
  worker: string | null;
}

/** By step key. */
export type Overlay = ReadonlyMap<string, Running>;

/** Of the past nobody knows who had which task. */
export const NO_OVERLAY: Overlay = new Map();

/** @param answer the server's; where it does not hold all steps, the running ones are asked for by themselves */
export function useOverlay(answer: Execution): Overlay {
  const open = answer.closedAt === null;
  const partial = answer.stepsCursor !== null;
  const running = useRunningSteps(answer.id, open && partial);
  const steps = partial ? running.data : answer.steps;
  return useMemo(() => {
    const taken = open ? (steps?.filter((step) => step.status === "running") ?? []) : [];
    if (taken.length === 0) return NO_OVERLAY;
    return new Map(
      taken.map((step) => [
        stepKey(step),
        { since: step.running ? Date.parse(step.running.since) : null, worker: step.running?.worker ?? null },
      ]),
    );
  }, [steps, open]);
}

/** The status to show: `running` where a worker has the step that the history says is scheduled. */
export function shownStatus(row: Row, overlay: Overlay): StepStatus {
  return statusOf(row.status, overlay.has(row.key));
}
