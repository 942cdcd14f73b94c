"use client";
/**
 * Which steps a worker runs right now. A lease is no event, so that it is not in the folded history: it is read from the
 * server every few seconds while the execution is open, and laid over the rows.
 */
import { useMemo } from "react";
import type { Execution, StepStatus } from "@/lib/contract/executions";
import { type Row, stepKey } from "./timeline-model";

export interface Running {
  since: number | null;
  worker: string | null;
}

/** By step key. */
export type Overlay = ReadonlyMap<string, Running>;

const NONE: Overlay = new Map();

export function useOverlay(execution: Execution | undefined): Overlay {
  const steps = execution?.closedAt === null ? execution.steps : undefined;
  return useMemo(() => {
    const running = steps?.filter((step) => step.status === "running") ?? [];
    if (running.length === 0) return NONE;
    return new Map(
      running.map((step) => [
        stepKey(step),
        { since: step.running ? Date.parse(step.running.since) : null, worker: step.running?.worker ?? null },
      ]),
    );
  }, [steps]);
}

/** The status to show: `running` where a worker has the step that the history says is scheduled. */
export function shownStatus(row: Row, overlay: Overlay): StepStatus {
  return row.status === "scheduled" && overlay.has(row.key) ? "running" : row.status;
}
