/** The texts of the dead letters' room. */
import type { DeadLetterAction, DeadLetterStatus } from "@/lib/contract/dead-letters";
import { count, number } from "../format";

const status: Record<DeadLetterStatus, string> = { open: "Open", retried: "Retried", resolved: "Resolved" };

export const deadLetterTexts = {
  title: "Dead letters",
  groupsLabel: "Failures by cause",
  lettersLabel: "Dead letters",
  viewLabel: "What is listed",
  groups: "By cause",
  status,
  columns: {
    error: "Error",
    workflows: "Workflows",
    workflow: "Workflow",
    count: "Open",
    first: "First",
    last: "Last",
    step: "Step",
    attempts: "Attempts",
    failed: "Failed",
    status: "Status",
    actions: "Actions",
  },
  openOnes: (n: number) => `${number(n)} open`,
  endOfGroups: (n: number) => count(n, "cause"),
  endOfLetters: (n: number) => count(n, "dead letter"),
  noneTitle: "No open failures",
  noneHint:
    "When a step has used up its attempts and nothing catches its error, the execution fails and the step is kept here, until somebody retries it or puts it aside.",
  noneOfTitle: (name: string) => `Nothing is ${name.toLowerCase()}`,
  noneOfHint: "Retried and resolved dead letters are kept with the note of whoever dealt with them.",
  filtered: (what: string) => `Only ${what}`,
  clear: "Show all",
  tickOne: (id: string) => `Tick ${id}`,
  tickAll: "Tick all that are loaded",
  ticked: (n: number) => `${number(n)} ticked`,
  untick: "Untick all",
  retry: "Retry",
  resolve: "Resolve",
  retryAll: "Retry all",
  resolveAll: "Resolve all",
  dialogs: {
    retry: {
      title: (n: number) => (n === 1 ? "Retry this failure" : `Retry ${number(n)} failures`),
      description: (n: number) =>
        n === 1
          ? "The execution goes on in the same history: the failed step runs again with the same idempotency key, completed steps are kept."
          : `${count(n, "execution")} go on in their own histories: failed steps run again with the same idempotency keys, completed steps are kept. Those that cannot be retried are told apart and stay open.`,
      submit: (n: number) => (n === 1 ? "Retry" : `Retry ${number(n)}`),
      note: "Reason",
      noteHint: "Stands in the history of each execution.",
    },
    resolve: {
      title: (n: number) => (n === 1 ? "Put this failure aside" : `Put ${number(n)} failures aside`),
      description: () => "Nothing runs again and the executions stay failed. The note is kept with each.",
      submit: (n: number) => (n === 1 ? "Resolve" : `Resolve ${number(n)}`),
      note: "Note",
      noteHint: "What was found, or done instead.",
    },
  } satisfies Record<DeadLetterAction, unknown>,
  retried: "The failed step runs again.",
  resolved: "Put aside.",
  started: (n: number) => `Started for ${count(n, "failure")}.`,
  details: "Dead letter",
  gone: "This dead letter is not here",
  execution: "Execution",
  node: "Step",
  failedAt: "Failed",
  note: "Note",
  errorDetails: "Details of the error",
  attempts: "Attempts",
  attempt: (n: number) => `Attempt ${n}`,
  queued: (text: string) => `queued ${text}`,
  ran: (text: string) => `ran ${text}`,
  input: "Input of the step",
  largeInput: (size: string) => `The input is ${size} large: it is shown on the execution's page.`,
  openExecution: "Open the execution",
  notRetryable: "Its step said that trying again is of no use.",
};
