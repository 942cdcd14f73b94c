/**
 * The texts that many rooms share; what only one room says stands in a file of its own beside this one. Sentences are for people
 * who have a problem: what is, why, what to do.
 */
import type { ExecutionStatus, StepStatus } from "@/lib/contract/executions";
import { ApiError } from "../api";
import { count, duration, number } from "../format";

const executionStatus: Record<ExecutionStatus, string> = {
  scheduled: "Scheduled",
  running: "Running",
  waiting: "Waiting",
  paused: "Paused",
  compensating: "Compensating",
  completed: "Completed",
  failed: "Failed",
  timed_out: "Timed out",
  cancelled: "Cancelled",
  terminated: "Terminated",
  quarantined: "Quarantined",
};

const status: Record<ExecutionStatus | StepStatus, string> = {
  ...executionStatus,
  pending: "Pending",
  retrying: "Retrying",
  skipped: "Skipped",
};

/** In the order in which they are offered; made here and not taken from the schemas, which would bring zod to the browser. */
export const EXECUTION_STATUSES = Object.keys(executionStatus) as ExecutionStatus[];

export const texts = {
  product: "Cerebelum",
  status,

  common: {
    copied: "Copied",
    copyCommand: "Copy command",
    copyId: "Copy id",
    copyKey: "Copy key",
    copyJson: "Copy JSON",
    close: "Close",
    cancel: "Cancel",
    tryAgain: "Try again",
    optional: "Optional",
    loading: "Loading",
    notice: "Notice",
    more: (n: number) => `+${n}`,
    skip: "Skip to content",
    showMore: "Show more",
    showLess: "Show less",
  },

  nav: {
    label: "Rooms",
    sidebar: "Sidebar",
    more: "More",
    overview: "Overview",
    executions: "Executions",
    approvals: "Approvals",
    deadLetters: "Dead letters",
    schedules: "Schedules",
    workflows: "Workflows",
    workers: "Workers",
    queues: "Queues",
    settings: "Settings",
    namespace: "Namespace",
    switchNamespace: (here: string) => `Namespace ${here}, switch`,
    findNamespace: "Find a namespace",
    noNamespace: "No namespace matches",
    account: "Account",
    signOut: "Sign out",
    theme: "Theme",
    themes: { light: "Light", dark: "Dark", system: "System" },
  },

  errors: {
    title: "This did not load",
    notFound: "Nothing here",
    notFoundHint: "The address is wrong, or what it names belongs to another namespace.",
    pageBroke: "This page broke",
    pageBrokeHint: "The data is safe: nothing on this page changes it. Try again, or go back to the executions.",
    requestId: (id: string) => `Request ${id}`,
    toExecutions: "Back to executions",
    sentence(error: Error): string {
      if (!(error instanceof ApiError)) return "Something in the page failed. Try again.";
      if (error.status === 0) return "The server does not answer. Check that it runs and that you are online.";
      if (error.status === 401) return "Your session has ended. Sign in again.";
      if (error.status === 403) return "Your role does not allow this.";
      if (error.status === 429) return "Too many requests. Wait a moment, then try again.";
      if (error.status >= 500) return error.message || "The server could not answer. Try again in a moment.";
      return error.message;
    },
  },

  executions: {
    title: "Executions",
    startShort: "Start",
    findWorkflow: "Find a workflow",
    notStarted: "Not started",
    exampleCommand: (origin: string) =>
      `CEREBELUM_URL=${origin} CEREBELUM_API_KEY=<your key> npx tsx examples/onboarding/onboarding.ts --distributed`,
  },

  start: {
    chooseWorkflow: "Choose a workflow",
    noWorkflowMatches: "No workflow has this name.",
  },

  execution: {
    back: "Executions",
    notFound: "This execution does not exist",
    workflow: "Workflow",
    started: "Started",
    duration: "Duration",
    progress: "Progress",
    progressOf: (done: number, total: number) => `${number(done)} of ${count(total, "step")}`,
    key: "Key",
    id: "Id",
    correlation: "Correlation id",
    tags: "Tags",
    views: { timeline: "Timeline", events: "Events", graph: "Graph" },
    viewsLabel: "Views of this execution",
    connection: {
      loading: (loaded: number, total: number) => `Loading ${number(loaded)} of ${number(total)} events`,
      live: "Live",
      reconnecting: (ageMs: number) => `Reconnecting, data from ${duration(ageMs, { whole: true })} ago`,
      complete: "Complete",
      failed: "Live view stopped",
    },
    unknownEvents: "This execution has events that are newer than this page. Reload to get the newest page.",
  },

  events: {
    label: "Events, oldest first",
    allTypes: "All types",
    filter: "Type",
    empty: "No event of this type.",
    raw: "Raw JSON",
    link: "Link to this event",
    relative: "Since start",
    absolute: "Clock time",
    count: (n: number) => count(n, "event"),
    jumpToEnd: "Newest",
  },
};
