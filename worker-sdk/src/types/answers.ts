/** The public types of what the API answers beside executions and their histories; each equal to its contract, as those in `types/`. */
import type { Definition, Duration, JsonValue } from "./definition";
import type { ExecutionStatus, StepStatus, WaitingFor } from "./executions";
import type { ErrorInfo, ValueRef } from "./history";

export type ApprovalStatus = "pending" | "approved" | "rejected" | "expired" | "cancelled";

/** One step's one question to a person. */
export interface RequestedApproval {
  id: string;
  executionId: string;
  workflow: string;
  node: string;
  iteration: number;
  index?: number[];
  title: string | null;
  description: string | null;
  /** User ids, e-mail addresses or roles; none: whoever may control executions. */
  assignees: string[];
  /** JSON Schema of the answer's data, or null. */
  form: JsonValue;
  /** Of the decision. */
  data: JsonValue;
  /** Stands for data left out because the page would be too large. */
  dataRef?: ValueRef;
  status: ApprovalStatus;
  requestedAt: string;
  expiresAt: string | null;
  /** When it was decided, expired or was cancelled. */
  decidedAt: string | null;
  decidedBy: string | null;
  comment: string | null;
  /** Whether it waits, and whoever asks is among those who may decide it. */
  mayDecide: boolean;
}

/** What a control left behind. */
export interface Controlled {
  id: string;
  status: ExecutionStatus;
}

interface OfPlan {
  node: string;
  iteration: number;
  index?: number[];
}

/** What a retry or a fork would do, step by step. */
export interface ExecutionPlan {
  workflow: string;
  version: number;
  hash: string;
  /** Steps that stay ended as they are: the first 1,000. */
  kept: (OfPlan & { status: StepStatus })[];
  keptTotal: number;
  /** Steps that are activated anew, in the iteration that they will have: the first 1,000. */
  runsAgain: (OfPlan & { idempotencyKey: string | null })[];
  runsAgainTotal: number;
}

/** Why an execution is where it is: what it waits for, since when, until when. */
export interface Explanation {
  status: ExecutionStatus;
  sentence: string;
  items: (WaitingFor & { sentence: string; workers?: number })[];
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** A line that a handler logged. */
export interface LogItem {
  /** By the worker's clock. */
  at: string;
  level: LogLevel;
  text: string;
  fields?: { [key: string]: JsonValue };
  /** The line was longer than is kept. */
  truncated?: boolean;
  node: string;
  iteration: number;
  index?: number[];
  attempt: number;
  taskId: string;
}

export interface LogPage {
  items: LogItem[];
  nextCursor: string | null;
  /** Lines of the execution that are gone, because newer ones took their place. */
  dropped: number;
}

/** One action on many executions, in the background. */
export interface Operation {
  id: string;
  action: string;
  status: "running" | "done";
  /** While it runs, as far as they were counted. */
  total: number;
  done: number;
  failed: number;
  /** The first 20. An execution or a dead letter is named as far as there is one. */
  errors: { executionId?: string; deadLetterId?: string; code: string; message: string }[];
  createdAt: string;
  createdBy: string;
  closedAt: string | null;
}

export type DeadLetterStatus = "open" | "retried" | "resolved";

/** A step whose failure an execution failed by. */
export interface DeadLetter {
  id: string;
  executionId: string;
  workflow: string;
  version: number;
  node: string;
  iteration: number;
  index?: number[];
  attempts: number;
  error: ErrorInfo;
  /** The same for failures that look alike. */
  fingerprint: string;
  status: DeadLetterStatus;
  createdAt: string;
  note: string | null;
}

export interface DeadLetterDetail extends DeadLetter {
  /** What the last attempt was given. */
  input: JsonValue;
  inputRef?: ValueRef;
  /** The latest attempts, oldest first, at most 100. */
  failures: {
    attempt: number;
    at: string;
    error: ErrorInfo;
    worker: string | null;
    queuedMs: number | null;
    ranMs: number | null;
  }[];
}

export interface DeadLetterGroup {
  fingerprint: string;
  code: string;
  /** Of the latest. */
  message: string;
  workflows: string[];
  /** Open ones. */
  count: number;
  firstSeenAt: string;
  lastSeenAt: string;
}

/** What happens to a run that comes due while an earlier one is open. */
export type Overlap = "skip" | "queue" | "cancel_previous" | "allow";

export interface CreateSchedule {
  /** Unique in the namespace; every execution it starts is tagged `schedule:<name>`. */
  name: string;
  /** Minute, hour, day of month, month, day of week; six fields begin with the second. */
  cron: string;
  /** An IANA name, such as Europe/Berlin. Default UTC. */
  timezone?: string;
  workflow: string;
  /** Default: the latest at each start. */
  version?: number;
  /** Default null. */
  input?: JsonValue;
  /** Default `skip`. */
  overlap?: Overlap;
  /** Runs missed in an outage are made up for if they are no older than this. Default `1d`. */
  catchUpWindow?: Duration;
  paused?: boolean;
  pauseReason?: string;
}

/** What is left out stays as it is. */
export interface UpdateSchedule extends Partial<Omit<CreateSchedule, "version" | "pauseReason">> {
  /** Null: the latest at each start. */
  version?: number | null;
  pauseReason?: string | null;
}

export interface Schedule {
  id: string;
  name: string;
  cron: string;
  timezone: string;
  workflow: string;
  version: number | null;
  input: JsonValue;
  overlap: Overlap;
  catchUpWindow: Duration;
  paused: boolean;
  pauseReason: string | null;
  /** Null while it is paused. */
  nextRunAt: string | null;
  lastRunAt: string | null;
  lastExecutionId: string | null;
  /** Why the last run could not be started; null once one was. */
  lastError: { runAt: string; code: string; message: string } | null;
  /** Runs that are due and not started. */
  waiting: number;
  skipped: number;
  missed: number;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
}

export interface RegisteredWorker {
  workerId: string;
  name: string | null;
  queues: string[];
  tasks: string[];
  language: string;
  sdkVersion: string;
  capacity: number;
  running: number;
  state: "online" | "draining" | "offline";
  lastSeenAt: string;
  registeredAt: string;
  metadata: { [key: string]: JsonValue };
}

export interface Queue {
  name: string;
  ready: number;
  running: number;
  delayed: number;
  oldestReadyAt: string | null;
  workers: number;
  /** Tasks that ended in the last minute. */
  ratePerMinute: number;
}

/** So many tasks in so many milliseconds, saved up to the limit; null: as many as workers ask for. */
export type QueueRate = { limit: number; perMs: number } | null;

/** What a queue may give out. */
export interface QueueLimits {
  /** Gives out no tasks; what workers have goes on. */
  paused: boolean;
  /** Of the whole queue. */
  rate: QueueRate;
  /** Of each concurrency key by itself. */
  keyRate: QueueRate;
}

export interface PublishedWorkflow {
  name: string;
  description: string | null;
  /** The latest. */
  version: number;
  hash: string;
  publishedAt: string;
  publishedBy: string;
  /** Executions by status; statuses without any are left out. */
  counts: { [status: string]: number };
}

export interface PublishedWorkflowDetail extends PublishedWorkflow {
  versions: { version: number; hash: string; publishedAt: string; publishedBy: string; note: string | null }[];
}

export interface PublishedVersion {
  name: string;
  version: number;
  hash: string;
  definition: Definition;
  publishedAt: string;
  publishedBy: string;
  /** What its publisher said of it. */
  note: string | null;
}
