/** What the timeline and the graph of an execution say. */
import type { StepStatus } from "@/lib/contract/executions";
import { count, duration, number } from "../format";
import { texts } from "./index";

interface Counts {
  total: number;
  done: number;
  failed: number;
  cancelled: number;
  open: number;
}

/** `37 of 10,000 done, 2 failed`. */
function progress({ total, done, failed, cancelled, open }: Counts): string {
  const rest = [
    failed > 0 && `${number(failed)} failed`,
    open > 0 && `${number(open)} open`,
    cancelled > 0 && `${number(cancelled)} cancelled`,
  ];
  return [`${number(done)} of ${number(total)} done`, ...rest.filter((part) => part !== false)].join(", ");
}

const percent = (share: number) => (share > 0 && share < 0.01 ? "under 1 %" : `${Math.round(share * 100)} %`);

export const timelineTexts = {
  label: "Timeline of steps, in order of their start",
  empty: "No step has started yet.",
  attempt: (n: number) => `Attempt ${n}`,
  attempts: (n: number) => `${n} attempts`,
  round: (n: number) => `round ${n}`,
  steps: (n: number) => count(n, "step"),
  item: (n: number) => `Item ${n}`,
  turn: (n: number) => `Iteration ${n}`,
  turns: (n: number) => count(n, "iteration"),
  progress,
  unfold: "Show what lies in it",
  fold: "Hide what lies in it",

  find: "Find a step",
  noMatch: "No step has this name.",
  noErrors: "No step has failed.",
  errorsOnly: "Errors only",
  toolbar: "How the timeline is shown",
  foldIdle: "Shorten idle time",
  idle: (ms: number) => `${duration(ms)} idle`,
  shortenOne: (ms: number) => `Shorten ${duration(ms)} of idle time`,
  lengthenOne: (ms: number) => `Show ${duration(ms)} of idle time to scale`,
  clock: "Clock time",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomReset: "Show all",
  overview: "The whole duration",
  windowFrom: "Begin of what is shown",
  windowTo: "End of what is shown",
  windowMove: "What is shown",
  windowText: (from: number, to: number) => `${duration(from)} to ${duration(to)}`,
  brushHint: "Drag to zoom, double click to show all",
  keys: "Timeline",
  key: {
    walk: "Walk the lines",
    fold: "Hide or show what lies in a line",
    zoom: "Zoom in, out, show all",
    move: "Move what is shown",
    failed: "Next failed item",
  },

  path: "Critical path",
  pathTitle: "The chain of steps and waits that determined the duration",
  pathSummary(path: { steps: number; totalMs: number; msByKind: Record<string, number> }): string {
    const total = Math.max(1, path.totalMs);
    const kinds = Object.entries(path.msByKind)
      .filter(([, ms]) => ms / total >= 0.005)
      .sort(([, a], [, b]) => b - a)
      .map(([kind, ms]) => `${percent(ms / total)} ${pathKinds[kind] ?? kind}`);
    return `${count(path.steps, "step")} over ${duration(path.totalMs)}${kinds.length > 0 ? `: ${kinds.join(", ")}` : ""}`;
  },
  pathShare: (ms: number, totalMs: number) =>
    `${duration(ms)} on the critical path, ${percent(ms / Math.max(1, totalMs))} of the duration`,

  items: {
    label: (map: string) => `Items of ${map}`,
    jump: "Item number",
    jumpHint: (last: number) => `0 to ${number(last)}`,
    notBegun: (n: number) => `Item ${number(n)} has not begun.`,
    nextFailed: "Next failed",
  },

  legendLabel: "What the shapes mean",
  legend: {
    queued: "Queued",
    running: "Running",
    backoff: "Back-off",
    sleeping: "Sleeping, waiting",
    completed: "Completed",
    failed: "Failed",
    undoing: "Undoing",
    round: "Poll round",
  },
  spans: {
    queued: (ms: number) => `queued ${duration(ms)}`,
    running: (ms: number) => `ran ${duration(ms)}`,
    backoff: (ms: number) => `backed off ${duration(ms)}`,
    sleeping: (ms: number) => `slept ${duration(ms)}`,
    waiting: (ms: number) => `waited ${duration(ms)}`,
  },
  undoing: (said: string) => `undoing, ${said}`,
  card: {
    started: "Started",
    duration: "Duration",
    queued: "Queued",
    running: "Ran",
    backoff: "Backed off",
    sleeping: "Slept",
    waiting: "Waited",
    undoing: "Undone in",
    rounds: "Rounds",
  },
};

const pathKinds: Record<string, string> = {
  queued: "queued",
  running: "running",
  backoff: "backing off",
  sleeping: "sleeping",
  waiting: "waiting",
  idle: "idle",
};

export const graphTexts = {
  label: "Graph of the workflow version that this execution runs",
  fit: "Fit",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  follow: "Follow the action",
  failed: "The definition of this version did not load.",
  state: ({ status, missed }: { status: StepStatus; missed: boolean }) =>
    missed ? "Not reached" : texts.status[status],
  nodeLabel: (node: string, said: string) => `${node}, ${said}`,
  turn: (turn: number, of: number) => `Iteration ${turn} of ${of}`,
  previousTurn: (node: string) => `Iteration of ${node} before`,
  nextTurn: (node: string) => `Iteration of ${node} after`,
  item: (n: number, of: number) => `Item ${number(n)} of ${number(of)}`,
  previousItem: (map: string) => `Item of ${map} before`,
  nextItem: (map: string) => `Item of ${map} after`,
  progress,
  failures: (n: number) => `${number(n)} failed`,
  shortProgress: (done: number, total: number) => `${number(done)}/${number(total)}`,
  unfold: (map: string) => `Show the steps of ${map}`,
  fold: (map: string) => `Hide the steps of ${map}`,
  keys: "Graph",
  key: { walk: "Walk along the edges" },
};
