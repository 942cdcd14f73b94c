/** The texts of what one can do to an execution, and of why it is not moving. */
import type { Verification } from "@/lib/contract/executions";
import type { ProblemCode } from "@/lib/contract/problems";
import { ApiError } from "../api";
import { count, number } from "../format";
import { texts } from "./index";

const PROBLEMS: { readonly [code in ProblemCode]?: string } = {
  EXECUTION_CLOSED: "It has closed meanwhile, and a closed execution takes this no more. Fork it to go on from there.",
  NOT_RETRYABLE: "Only what failed or timed out can be retried, from a step that it reached. Fork it instead.",
  COMPENSATED: "Steps that a retry would keep have been undone. Fork it from before, or start anew.",
  COMPENSATING: "It is undoing steps and cannot be paused meanwhile. Wait for its end, or terminate it.",
  EXECUTION_QUARANTINED: "Its history cannot be folded or decided on. Retry it once the server is mended.",
  VERSION_MISMATCH:
    "That version lacks a completed step or has it as another type, or an output was given for a step that has not completed. Choose another version or moment.",
  TOO_MANY_SIGNALS: "Too many signals wait to be used. Let the execution use some first.",
  IDEMPOTENCY_CONFLICT: "The same request was sent before with other contents. Close this and open it again.",
  TOO_MANY_EXECUTIONS: "The namespace has as many open executions as it may have. Close some, or raise the limit.",
  PAYLOAD_TOO_LARGE: "It is larger than it may be. Send a reference to the data instead.",
  ALREADY_DECIDED: "Somebody else has decided it meanwhile.",
  APPROVAL_CLOSED: "It has expired or was cancelled, and waits for nobody any more.",
  WORKFLOW_NOT_FOUND: "That version is not published. Choose another one.",
};

export const actionTexts = {
  /** What went wrong, and what to do about it. */
  problem(error: Error): string {
    if (!(error instanceof ApiError)) return texts.errors.sentence(error);
    const said = (error.code !== null && PROBLEMS[error.code]) || texts.errors.sentence(error);
    const places = (error.errors ?? []).map(({ path, message }) => `${path || "/"} ${message}`);
    return places.length === 0 ? said : `${said} ${places.join("; ")}.`;
  },

  names: {
    retry: "Retry",
    rerun: "Rerun",
    rerunFrom: "Rerun from here",
    fork: "Fork",
    forkFrom: "Fork from here",
    cancel: "Cancel",
    terminate: "Terminate",
    pause: "Pause",
    resume: "Resume",
    signal: "Send signal",
    compare: "Compare",
    edit: "Open in the editor",
    export: "Export file",
    copyLink: "Copy link",
    verify: "Verify history",
    more: "More actions",
  },
  keysGroup: "This execution",
  linkCopied: "Link copied",
  open: "Open",

  why: {
    label: "Why it is not moving",
    endLabel: "How it ended",
    all: (n: number) => `All ${number(n)}`,
    fewer: "Fewer",
    capped: (n: number) => `The first ${number(n)} are listed.`,
    decide: "Decide",
    signal: (name: string) => `Send ${name}`,
    queue: "See the queue",
    child: "Open the child",
    resume: "Resume",
    select: (step: string) => `Show step ${step}`,
    failedIn: "in",
    undone: "Completed steps were undone, so it cannot be retried: fork it from before.",
    workerHint: (task: string, queue: string) => `Start a worker that has ${task} and polls queue ${queue}:`,
    ended: {
      completed: "It completed.",
      cancelled: "It was cancelled.",
      terminated: "It was terminated. Nothing was undone.",
      timed_out: "It ran out of time.",
      failed: "It failed.",
    } as Record<string, string>,
    because: (reason: string) => `: ${reason}`,
  },

  dialog: {
    reason: "Reason",
    reasonHint: "Stands in the history, for whoever asks later.",
    notJson: (message: string) => `Not valid JSON: ${message}`,
  },

  cancel: {
    title: "Cancel this execution?",
    description: (open: number) =>
      open > 0
        ? `${count(open, "open step")} will be cancelled at once. Workers that run one are told at their next heartbeat. A cancelled execution does not come back.`
        : "It closes at once. A cancelled execution does not come back.",
    undo: "Undo completed steps first",
    undoNone: "No completed step has a compensation: there is nothing to undo.",
    undoWould: (n: number) => `${count(n, "step")} would be undone, the latest first:`,
    undoUnknown: "Completed steps that have a compensation are undone, the latest first.",
    submit: "Cancel execution",
    keep: "Keep it running",
    done: "Execution cancelled",
    undoing: "Execution is being undone",
  },
  terminate: {
    title: "Terminate this execution?",
    description: (open: number) =>
      `It ends at once${open > 0 ? `, with ${count(open, "open step")}` : ""}. Nothing is undone, and what is being undone stays as it is. It does not come back. To undo completed steps, cancel it instead.`,
    submit: "Terminate execution",
    done: "Execution terminated",
  },
  pause: {
    title: "Pause this execution?",
    description:
      "Tasks that run go on, and their results are recorded. Nothing follows from them, and no new step starts, until it is resumed.",
    submit: "Pause",
    done: "Execution paused",
  },
  resume: {
    title: "Resume this execution?",
    description: "What came while it was paused follows now, in the order in which it came.",
    submit: "Resume",
    done: "Execution resumed",
  },

  signal: {
    title: "Send a signal",
    description:
      "It goes to the step that has waited for this name longest. Where none waits, it is kept until one does.",
    name: "Name",
    awaited: (names: string) => `Awaited: ${names}`,
    noneAwaited: "No step waits for a signal right now.",
    payload: "Payload",
    payloadHint: "JSON. Empty means null.",
    submit: "Send signal",
    done: (name: string) => `Signal ${name} sent`,
  },

  decide: {
    title: "Decide",
    gone: "It waits for this decision no more.",
    assignees: (names: string) => `Asked: ${names}`,
    anyone: "Whoever may decide in this namespace is asked.",
    by: (when: string) => `Expires ${when}`,
  },

  retry: {
    title: "Retry this execution",
    quarantined: "Take it back into service",
    description: "It goes on in its own history. What completed is kept unless you choose a step to rerun from.",
    how: "What runs again",
    failed: "What failed",
    failedHint: "Failed steps are tried again with a new budget of attempts.",
    from: "A step and all after it",
    fromHint: "They run anew, whether they had completed or not.",
    step: "Step",
    chooseStep: "Choose a step",
    findStep: "Find a step",
    noStep: "No step that can be rerun has this name.",
    editInput: "Edit the execution's input",
    input: "Input",
    inputHint: "What expressions see as input from then on. What completed keeps what it made of the old one.",
    submit: "Retry",
    submitFrom: "Rerun",
    done: "Retried",
  },

  fork: {
    title: "Fork this execution",
    description: (id: string) => `A new execution whose history begins as a copy of ${id}. This one stays as it is.`,
    at: "Copy the history up to",
    end: (sequence: number) => `Its end (event ${number(sequence)})`,
    moment: (sequence: number) => `The moment shown (event ${number(sequence)})`,
    step: (step: string, sequence: number) => `The start of ${step} (event ${number(sequence)})`,
    begin: "Its beginning (event 1)",
    other: "Another event",
    event: "Event",
    version: "Version",
    same: (version: number) => `v${version} (as it was)`,
    versionOf: (version: number) => `v${version}`,
    editInput: "Edit the input",
    input: "Input",
    inputHint: "What expressions see as input from then on.",
    outputs: "Outputs of completed steps",
    outputsHint: "Steps after them that run again see these instead.",
    addOutput: "Edit an output",
    findOutput: "Find a completed step",
    noOutput: "No completed step outside maps has this name.",
    outputOf: (node: string) => `Output of ${node}`,
    dropOutput: (node: string) => `Keep the output of ${node}`,
    submit: "Fork",
    done: "Forked",
  },

  plan: {
    label: "Plan",
    loading: "Asking the server for the plan",
    version: (workflow: string, version: number) => `${workflow} v${version}`,
    runs: (n: number) => `${count(n, "step")} ${n === 1 ? "runs" : "run"} again`,
    keeps: (n: number) => `${count(n, "step")} ${n === 1 ? "is" : "are"} kept`,
    noRuns: "No step runs again: the execution goes on with what follows.",
    first: (shown: number, total: number) => `The first ${number(shown)} of ${number(total)}`,
    sameKey: "same key",
    newKey: "new key",
    sameMeaning:
      "Same idempotency key as before: a service that knows the key does not repeat what the earlier attempts did there.",
    newMeaning:
      "New idempotency key: services take it as a new request, so that what the step did before happens a second time.",
    forkMeaning:
      "All keys are new, for it is a new execution: services take its calls as new requests, and side effects happen a second time.",
  },

  verify: {
    title: "Verify history",
    description: "Folds all events anew and compares what follows from them with what is stored.",
    running: "Folding all events",
    consistent: (sequence: number) => `Everything stored follows from its ${count(sequence, "event")}.`,
    inconsistent: (n: number) => `${count(n, "value")} stored ${n === 1 ? "does" : "do"} not follow from the history.`,
    inconsistentNext: "Keep a copy of its file, and tell whoever runs this server.",
    stored: "stored",
    folded: "folded",
    signature: {
      valid: "The signature of its end is valid: nothing was changed since it closed.",
      invalid: "The signature of its end is not valid: something was changed after it closed.",
      missing: "The signature of its end is missing, although its end was to be signed.",
      none: "It closed before ends were signed.",
      open: "It is open: its end will be signed when it closes.",
      unknown: "The signature cannot be checked, for the history cannot be folded.",
    } satisfies Record<Verification["signature"]["status"], string>,
    keyId: (key: string) => `Key ${key}`,
  },

  header: {
    trigger: "Trigger",
    schedule: (name: string) => `Schedule ${name}`,
    parentStep: (node: string) => `Step ${node} of`,
    forkOf: "Fork of",
    children: "Children",
    showChildren: "Show",
    facts: "About this execution",
    startsAt: "Starts",
  },
};
