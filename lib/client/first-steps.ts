"use client";
/**
 * The first steps in an empty namespace: which there are, which are done (from what the server says, never from what was
 * clicked), and whether this browser has begun or dismissed them.
 */
import { useSyncExternalStore } from "react";
import type { Execution, Step } from "@/lib/contract/executions";
import type { Worker } from "@/lib/contract/workers";
import { isClosed, isEndedStep } from "@/lib/core/execution/statuses";
import { namespaceHeader } from "./namespace";

export type FirstStep = "published" | "worker" | "started" | "approved";

export interface Facts {
  /** The names of all published workflows. */
  workflows: readonly string[];
  workers: readonly Pick<Worker, "state" | "queues">[];
  /** Whether there is any execution. */
  hasExecutions: boolean;
  /** The one that these steps start. */
  execution: (Pick<Execution, "status"> & { steps: readonly Pick<Step, "node" | "status">[] }) | null;
}

export interface Example {
  workflow: string;
  queue: string;
  /** The node that asks a person. */
  approval: string;
}

export interface Progress {
  /** False: somebody has published workflows of their own, and needs no example. */
  isExample: boolean;
  steps: { name: FirstStep; isDone: boolean }[];
  /** The first that is not done; null: all are. */
  current: FirstStep | null;
}

export function progressOf(facts: Facts, { workflow, queue, approval }: Example): Progress {
  const isPublished = facts.workflows.includes(workflow);
  const isExample = isPublished || facts.workflows.length === 0;
  const online = facts.workers.filter(({ state }) => state === "online");
  const { execution } = facts;
  const isStarted = isExample ? execution !== null : facts.hasExecutions;
  const isApproved =
    execution !== null &&
    (isClosed(execution) || execution.steps.some((step) => step.node === approval && isEndedStep(step)));
  const steps = [
    { name: "published" as const, isDone: isPublished || !isExample },
    {
      name: "worker" as const,
      isDone: isApproved || online.some(({ queues }) => !isExample || queues.includes(queue)),
    },
    { name: "started" as const, isDone: isStarted },
    ...(isExample ? [{ name: "approved" as const, isDone: isApproved }] : []),
  ];
  return { isExample, steps, current: steps.find(({ isDone }) => !isDone)?.name ?? null };
}

/** `begun`: they stay until they are done or dismissed, also once there is an execution. */
export type Guide = "begun" | "dismissed" | null;

const listeners = new Set<() => void>();
const guideKey = () => `cerebelum-first-steps:${namespaceHeader()["x-cerebelum-namespace"] ?? ""}`;

function readGuide(): Guide {
  try {
    const kept = localStorage.getItem(guideKey());
    return kept === "begun" || kept === "dismissed" ? kept : null;
  } catch {
    return null;
  }
}

export function writeGuide(guide: Exclude<Guide, null>): void {
  try {
    localStorage.setItem(guideKey(), guide);
  } catch {
    // Without storage they show for as long as the namespace is empty.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useGuide(): Guide {
  return useSyncExternalStore(subscribe, readGuide, () => null);
}
