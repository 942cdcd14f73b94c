/** What the overview says, and the first steps that stand in its place while a namespace is empty. */

import type { StatsWindow } from "@/lib/contract/stats";
import { count, duration, number } from "../format";
import type { Comparison } from "../overview-model";

/** Where the server stops counting what needs attention. */
const COUNTED = 1_000;
const upTo = (n: number) => (n >= COUNTED ? `${number(n)} or more` : number(n));

const windows: Record<StatsWindow, { name: string; last: string; before: string }> = {
  "1h": { name: "1 h", last: "the last hour", before: "the hour before" },
  "24h": { name: "24 h", last: "the last 24 hours", before: "the 24 hours before" },
  "7d": { name: "7 d", last: "the last 7 days", before: "the 7 days before" },
  "30d": { name: "30 d", last: "the last 30 days", before: "the 30 days before" },
};

const percent = (value: number): string =>
  value === 0 ? "0 %" : `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;

/** `12 % more`, `as many`; `none before`. */
function compared(comparison: Comparison | null, words: { more: string; less: string; same: string }): string | null {
  if (comparison === null) return null;
  switch (comparison.kind) {
    case "same":
      return words.same;
    case "none-before":
      return "none before";
    case "none-now":
      return "some before";
    case "times":
      return `${number(comparison.times)} times ${words.same}`;
    default:
      return `${comparison.percent} % ${words[comparison.kind]}`;
  }
}

export const overviewTexts = {
  title: "Overview",
  attention: "Needs attention",
  well: "All is well",
  wellHint: "Nothing has failed, nothing is stuck, and nobody is asked for a decision.",
  now: "Now",
  nothingOpen: "No execution is open.",
  more: (shown: number, total: number) => (total > shown ? `Show all ${upTo(total)}` : "Show all"),

  failures: {
    title: (open: number) => `${upTo(open)} failed ${open === 1 ? "step" : "steps"}`,
    hint: "Grouped by error. A retry goes on where the execution stopped.",
    list: "Failures by error",
    in: (workflows: readonly string[]) =>
      workflows.length > 2
        ? `${workflows.slice(0, 2).join(", ")} and ${workflows.length - 2} more`
        : workflows.join(", "),
    count: (n: number) => count(n, "step"),
    last: "last",
    retry: (n: number) => (n === 1 ? "Retry" : `Retry all ${number(n)}`),
  },
  stuck: {
    title: (total: number) => `${upTo(total)} stuck ${total === 1 ? "execution" : "executions"}`,
    list: "Stuck executions",
    lasting: "for",
  },
  approvals: {
    title: (pending: number) => `${upTo(pending)} ${pending === 1 ? "approval" : "approvals"} pending`,
    soon: (n: number) => `${number(n)} due within a day`,
    list: "Approvals, the soonest due first",
    who: (assignees: readonly string[]) =>
      assignees.length > 0 ? assignees.join(", ") : "Whoever may control executions",
    due: "due",
    noDeadline: "no deadline",
  },
  queues: {
    title: (n: number) => count(n, "queue stands still", "queues stand still"),
    list: "Queues that stand still",
    paused: "Paused",
    noWorker: "No worker takes its tasks",
    ready: (n: number) => `${count(n, "task")} ready`,
    oldest: "the oldest",
    how: "Start a worker that serves it:",
  },
  schedules: {
    title: (n: number) => count(n, "schedule could not run", "schedules could not run"),
    list: "Schedules whose last run could not be started",
    unknown: "The last run could not be started.",
  },

  flow: {
    title: (window: StatsWindow) => `How it ran in ${windows[window].last}`,
    compared: (window: StatsWindow) => `Compared with ${windows[window].before}.`,
    window: "Time range",
    windows,
    workflow: "Workflow",
    allWorkflows: "All workflows",
    hint: "Click into a chart to see the executions of that time.",
    throughput: "Throughput",
    latency: "Latency, from start to close",
    rate: "Failure rate",
    started: "Started",
    completed: "Completed",
    failed: "Failed",
    cancelled: "Cancelled",
    p50: "p50",
    p95: "p95",
    failedShare: "Failed",
    nothing: "Nothing ran in this time.",
    nothingClosed: "Nothing closed in this time.",
    percent,
    ms: (ms: number) => (ms === 0 ? "0" : duration(ms)),
    none: "–",
    amount: (comparison: Comparison | null) =>
      compared(comparison, { more: "more", less: "fewer", same: "as many" }) ?? "",
    speed: (comparison: Comparison | null) =>
      compared(comparison, { more: "slower", less: "faster", same: "as long" }) ?? "",
    share: (now: number | null, before: number | null) =>
      now === null || before === null ? "" : now === before ? "as before" : `${percent(before)} before`,
    summary: (name: string, parts: string[], window: StatsWindow) =>
      `${name} in ${windows[window].last}: ${parts.join(", ")}.`,
  },

  worst: {
    title: "Workflows, the most failures first",
    columns: { workflow: "Workflow", completed: "Completed", failed: "Failed", rate: "Failure rate", p95: "p95" },
    none: "No execution closed in this time.",
  },

  first: {
    title: "Your first execution",
    lead: "Five steps from nothing to an order that retries, asks you, waits and ships. It takes two minutes.",
    leadRest: "What is left until the first execution runs here.",
    dismiss: "Dismiss",
    steps: "First steps",
    done: "Done",
    published: {
      title: "Publish the example workflow",
      hint: "An order: it reserves stock, charges a card (with a retry), asks you if it is a large one, waits some seconds, ships.",
      action: "Publish the example",
      done: "Published",
      needs: "Your role may not publish workflows. Ask an owner, admin or member for it.",
    },
    worker: {
      title: "Start a worker",
      hint: "Steps run on workers, never in the server. Run this in a clone of Cerebelum; leave it running.",
      hintOwn: "Steps run on workers, never in the server. Start yours with these two settings; leave it running.",
      action: "Make a key",
      again: "Make another key",
      once: "The key stands in the command this once. It may only work, and only on the queue of the example.",
      onceOwn: "The key stands here this once. It may only work.",
      waiting: "Waiting for a worker to connect",
      done: "A worker is connected",
      needs: "Only owners and admins make keys. Ask one for a key with the scope worker, and put it into the command.",
      keyName: (time: string) => `Worker of the first steps, ${time}`,
    },
    started: {
      title: "Start an order",
      hint: "240 for a lamp: large enough to ask you.",
      action: "Start the example",
      titleOwn: "Start an execution",
      hintOwn: "One run of a published workflow, recorded from its first moment.",
      actionOwn: "Start execution",
      done: "Started",
      needs: "Your role may not start executions. Ask an owner, admin or member for it.",
    },
    approved: {
      title: "Watch it, and approve it",
      hint: "It charges the card twice, for the first try fails, then asks you.",
      asks: "It waits for you:",
      see: "Open the execution",
      approve: "Approve",
      done: "Approved",
      needs: "Your role may not decide. Ask an owner, admin or member for it.",
    },
    next: {
      title: "What next",
      hint: "It ran, and every fact of it is kept.",
      overview: "Go to the overview",
      seeExecution: "Its timeline, graph and history",
      links: [
        { name: "The workflow, as a graph and as JSON", href: "/workflows" },
        { name: "All executions", href: "/executions" },
        { name: "The API as OpenAPI 3.1", href: "/api/v1/openapi.json" },
      ],
      docs: "In the repository: docs/concepts has a page for each thing a workflow can do, worker-sdk/README.md is how to write your own, docs/api-in-curl.md is the API from any language.",
    },
    viewer:
      "Your role may look, and not publish or start. Ask an owner or admin of this organisation to do these steps, or for the role member.",
  },
};
