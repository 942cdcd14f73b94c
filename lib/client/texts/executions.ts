/** The texts of the executions room: its filters, views, columns, selection and what is done to many at once. */
import type { OperationAction } from "@/lib/contract/operations";
import { count, duration, number } from "../format";

/** `1,000 executions`; `10,000+ executions` where counting stopped. */
const executions = (n: number, capped = false) => (capped ? `${number(n)}+ executions` : count(n, "execution"));

const UNITS: Record<string, string> = { m: "minute", h: "hour", d: "day" };

/** `24h` is `24 hours`. */
const ageInWords = (age: string) => count(Number(age.slice(0, -1)), UNITS[age.slice(-1)] ?? age);

const VERBS: Record<OperationAction, string> = {
  retry: "Retry",
  cancel: "Cancel",
  terminate: "Terminate",
  pause: "Pause",
  resume: "Resume",
  signal: "Signal",
};

/** What happens to each, in the words of the engine. */
const CONSEQUENCES: Record<OperationAction, string> = {
  retry: "Each goes on in its own history: failed steps run again, completed steps keep their outputs.",
  cancel:
    "Open steps end at once; workers that run one learn it at their next heartbeat. A cancelled execution does not come back.",
  terminate:
    "Each ends at once. Nothing is undone, and no step gets a chance to clean up. A terminated execution does not come back.",
  pause: "Steps that run go on to their end. What comes is recorded, and nothing follows from it until a resume.",
  resume: "What was held while it was paused follows now, in the order in which it came.",
  signal: "Each gets the signal. The step that waits for it first takes it; until one does, it is kept.",
};

/** Refusals in words; whatever has none here is told in the server's. */
const REFUSALS: Record<string, string> = {
  EXECUTION_CLOSED: "Had already closed",
  EXECUTION_NOT_FOUND: "No longer there",
  EXECUTION_QUARANTINED: "In quarantine",
  NOT_RETRYABLE: "Not failed or timed out any more",
  COMPENSATED: "Already compensated, so it cannot go on",
  COMPENSATING: "Compensating, which cannot be paused",
  TOO_MANY_SIGNALS: "Keeps as many signals as it may",
  BUSY: "Somebody else was changing it",
};

export const executionsTexts = {
  start: "Start execution",
  tableLabel: "Executions, newest first",
  live: "Live",
  stale: (ageMs: number) => `Updated ${duration(ageMs, { whole: true })} ago`,
  newRows: (n: number) => count(n, "new execution"),
  loadingMore: "Loading more",
  end: (n: number) => count(n, "execution"),
  noneTitle: "No executions yet",
  noneHint:
    "An execution is one run of a workflow. This command publishes the example workflow, runs its steps and starts one. The first start of the server printed an API key.",
  noneStart: "Or start one from a workflow that is already published:",
  noMatchTitle: "No execution matches",
  noMatchHint: "None in this namespace fits all of the filters.",
  search: "Search id, key, correlation id or tag",
  menu: "More actions",
  openFile: "Open a file",
  copyLink: "Copy link to this view",
  linkCopied: "Link copied",

  filters: {
    label: "Filters",
    add: "Add filter",
    find: "Find a filter",
    none: "No filter has this name.",
    clear: "Clear filters",
    remove: (name: string) => `Remove filter ${name}`,
    apply: "Apply",
    names: {
      status: "Status",
      workflow: "Workflow",
      version: "Version",
      tag: "Tag",
      errorCode: "Error code",
      correlationId: "Correlation id",
      started: "Started",
      closed: "Closed",
      duration: "Duration",
      fingerprint: "Error group",
      parent: "Started by",
    },
    hints: {
      version: "A number, such as 3.",
      tag: "A whole tag, such as vip.",
      errorCode: "The code that a step failed with, such as PAYMENT_DECLINED.",
      correlationId: "The whole correlation id.",
    },
    from: "From",
    to: "To",
    localTime: "In your local time. Leave one empty for no limit.",
    atLeast: "At least",
    lessThan: "Less than",
    durationHint: "Such as 90s, 15m, 2h or 1d. Executions that have closed only.",
    notADuration: "Not a duration. Write it like 90s, 15m or 2h.",
    notANumber: "Not a version. It is a whole number.",
    backwards: "The end is before the start.",
    today: "Today",
    last: (age: string) => `Last ${ageInWords(age).replace(/^1 /, "")}`,
    ago: (age: string) => `${ageInWords(age)} ago`,
    before: (age: string) => `Over ${ageInWords(age)} ago`,
    after: (text: string) => `After ${text}`,
    until: (text: string) => `Before ${text}`,
    between: (from: string, to: string) => `${from} – ${to}`,
    longer: (text: string) => `${text} or longer`,
    shorter: (text: string) => `Under ${text}`,
    statuses: (names: string[]) => (names.length > 2 ? `${names.length} statuses` : names.join(", ")),
  },

  counts: {
    label: "Executions by status",
    all: "All",
    atLeast: (n: number) => `${number(n)}+`,
  },

  columns: {
    label: "Columns",
    hint: "Kept in this browser. A saved view keeps its own.",
    reset: "Reset",
    up: (name: string) => `Move ${name} to the left`,
    down: (name: string) => `Move ${name} to the right`,
    show: (name: string) => `Show column ${name}`,
    names: {
      status: "Status",
      execution: "Execution",
      workflow: "Workflow",
      version: "Version",
      error: "Error",
      tags: "Tags",
      correlation: "Correlation id",
      started: "Started",
      closed: "Closed",
      duration: "Duration",
      events: "Events",
    },
  },

  views: {
    label: "Views",
    all: "All",
    failedToday: "Failed today",
    openLong: "Open longer than an hour",
    waiting: "Waiting",
    save: "Save view",
    saveChanges: "Save changes",
    saveAsNew: "Save as a new view",
    reset: "Discard changes",
    rename: "Rename or share",
    remove: "Delete",
    menuOf: (name: string) => `Actions of view ${name}`,
    edited: "edited",
    shared: "Shared",
    saveTitle: "Save this view",
    saveHint: "The filters and columns that are set now, under a name.",
    renameTitle: "Change this view",
    name: "Name",
    isShared: "Everyone in this namespace sees it",
    submit: "Save",
    removeTitle: (name: string) => `Delete ${name}?`,
    removeHint: (isShared: boolean) =>
      isShared
        ? "It disappears for everyone in this namespace. Executions are not touched."
        : "Executions are not touched.",
    saved: "View saved",
    removed: "View deleted",
  },

  selection: {
    label: "Actions on the selected executions",
    column: "Selected",
    tick: (name: string) => `Select ${name}`,
    tickAll: "Select all that are loaded",
    selected: (n: number) => `${number(n)} selected`,
    selectedAll: (n: number, capped: boolean) => `All ${executions(n, capped)} that match`,
    matchAll: (n: number, capped: boolean) => `Select all ${number(n)}${capped ? "+" : ""} that match`,
    clear: "Clear selection",
    more: "Actions",
    verbs: VERBS,
    some: (action: OperationAction, n: string) => `${VERBS[action]} ${n}`,
    inapplicable: (action: OperationAction) => `${VERBS[action]}: none of the selected can take it`,
  },

  bulk: {
    title: (action: OperationAction, n: number, capped: boolean) => `${VERBS[action]} ${executions(n, capped)}?`,
    consequences: CONSEQUENCES,
    leftOut: (n: number) =>
      `${count(n, "selected execution is", "selected executions are")} left out: in their status this does nothing.`,
    quarantined: (n: number) =>
      `${count(n, "of them is", "of them are")} in quarantine: taken back into service if the history folds, and not retried yet.`,
    matching: "Counted just now. It takes those that match when it starts, and none that come later.",
    each: "Each is judged by itself. A refusal of one does not stop the others.",
    compensate: "Undo completed steps first",
    compensateHint: "Runs their compensations in reverse order before each closes.",
    reason: "Reason",
    reasonHint: "Stands in each history, for whoever asks later.",
    signal: "Name of the signal",
    payload: "Payload",
    payloadHint: "JSON. Empty means null.",
    invalidJson: (message: string) => `Not valid JSON: ${message}`,
    confirm: (n: string) => `Type ${n} to confirm`,
    submit: (action: OperationAction, n: number, capped: boolean) => `${VERBS[action]} ${executions(n, capped)}`,
    keep: "Change nothing",
  },

  operations: {
    label: "Operations",
    running: {
      retry: "Retrying",
      cancel: "Cancelling",
      terminate: "Terminating",
      pause: "Pausing",
      resume: "Resuming",
      signal: "Signalling",
    } satisfies Record<OperationAction, string>,
    done: {
      retry: "Retried",
      cancel: "Cancelled",
      terminate: "Terminated",
      pause: "Paused",
      resume: "Resumed",
      signal: "Signalled",
    } satisfies Record<OperationAction, string>,
    title: (verb: string, n: number) => `${verb} ${executions(n)}`,
    counting: "Counting",
    progress: (done: number, total: number) => `${number(done)} of ${number(total)}`,
    refused: (n: number) => `${number(n)} refused`,
    refusal: (code: string, message: string) => REFUSALS[code] ?? message,
    first: (n: number) => `The first ${number(n)} are listed.`,
    dismiss: (title: string) => `Dismiss ${title}`,
    lost: "Progress is unknown for now. The operation goes on.",
  },

  keys: {
    group: "Executions",
    search: "Search",
    addFilter: "Add filter",
    next: "Next execution",
    previous: "Previous execution",
    open: "Open execution",
    tick: "Select execution",
    tickRange: "Select up to here",
    tickAll: "Select all that are loaded",
    clear: "Clear selection",
  },
};

export const startTexts = {
  title: "Start an execution",
  description: "One run of a published workflow, recorded from its first moment.",
  workflow: "Workflow",
  noWorkflows: "No workflow is published yet. Start a worker that publishes one.",
  version: "Version",
  latest: (version: number) => `v${version} (latest)`,
  input: "Input",
  asForm: "Form",
  asJson: "JSON",
  inputAs: "How to write the input",
  inputHint: "JSON. Empty means null.",
  inputExpected: (fields: string) => `Expects ${fields}`,
  key: "Key",
  keyHint: "Your own name for it. Unique in the namespace: the same key never starts twice.",
  tags: "Tags",
  tagsHint: "Separated by commas.",
  more: "More",
  startAt: "Start at",
  startAtHint: "In your local time. Empty means at once.",
  priority: "Priority",
  priorityHint: "-100 to 100. Higher ones get workers first.",
  correlationId: "Correlation id",
  correlationHint: "Finds all that belongs to one case.",
  submit: "Start execution",
  started: "Execution started",
  invalidJson: (message: string) => `Not valid JSON: ${message}`,
  missing: (fields: string) => `Missing: ${fields}`,
};
