"use client";
/** Lays over the canvas how the nodes of a trial stand, while whoever uses it is on screen. */
import { useEffect } from "react";
import type { ExecutionState } from "@/lib/core/execution/state";
import { nodeStatuses } from "@/lib/editor/trial/node-statuses";
import type { TrialRun } from "@/lib/editor/trial/trial-run";
import { showTrialOverlay } from "./overlay";

/**
 * @param moves stand for what changed in the run
 * @param past a moment that one looks at; null: now
 */
export function useOverlay(run: TrialRun, moves: number, past: ExecutionState | null): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moves stand for what changed in the run
  useEffect(() => {
    showTrialOverlay(nodeStatuses(past === null ? run : { state: past, waiting: [] }));
  }, [run, moves, past]);
  useEffect(() => () => showTrialOverlay(null), []);
}
