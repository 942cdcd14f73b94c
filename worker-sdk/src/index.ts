/** `@cerebelum/sdk`: write workflows, run them here or on a server, serve their steps, and watch them. */

export type { AnyWorkflow } from "./any-workflow";
export {
  type BulkOptions,
  Client,
  type ClientOptions,
  type ExecutionFilter,
  type ForkOptions,
  type ListOptions,
  type RetryOptions,
  type StartOptions,
  type WaitOptions,
} from "./client";
export {
  type DefinedOptions,
  type DefinedWorkflow,
  type DefinitionLike,
  fromDefinition,
  type TasksOf,
} from "./defined-workflow";
export { type Absent, absent } from "./dsl/absent";
export { type Approval, type ApprovalOptions, approval } from "./dsl/approval";
export { matches, onError, path, when } from "./dsl/arms";
export { branched } from "./dsl/branched";
export { type Child, type ChildOptions, child, type StartedChild } from "./dsl/child";
export { choice } from "./dsl/choice";
export type { ApprovalOutcome, ApprovalRequest, Approved, Expired, Rejected } from "./dsl/decisions";
export {
  type ApprovalDirective,
  askApproval,
  type Directive,
  type FailDirective,
  failForGood,
  type PortResult,
  port,
  type SleepDirective,
  sleepFor,
} from "./dsl/directives";
export type { AnyNode, Branch, Case, Element, MapItems, MapOptions, Member, Path } from "./dsl/elements";
export { completed, type End, failed } from "./dsl/end";
export type { WorkflowOptions } from "./dsl/flow";
export type { ItemResult } from "./dsl/flow-types";
export type { GraphNode, JoinOptions } from "./dsl/graph-node";
export { type HttpCall, type HttpOptions, type HttpResponse, http } from "./dsl/http";
export type { JsonOf } from "./dsl/json-of";
export type { JsonSchema, SchemaValue } from "./dsl/json-schema";
export { backTo, type Jump, type LoopOptions, type Proceed, proceed, retry, type Stop, skipTo, stop } from "./dsl/jump";
export { map } from "./dsl/map";
export type { Pattern } from "./dsl/pattern";
export {
  type Condition,
  cel,
  type Expression,
  errorOf,
  execution,
  index,
  input,
  item,
  type Loop,
  loop,
  on,
  outer,
  type Reference,
} from "./dsl/references";
export { type Signal, type SignalOptions, signal } from "./dsl/signal";
export { type Sleep, type SleepOptions, sleep, sleepUntil } from "./dsl/sleep";
export {
  type AnyStep,
  type CompensateOptions,
  type Handler,
  type PollOptions,
  type Step,
  type StepOptions,
  step,
} from "./dsl/step";
export type { Resumed, StepContext, StepLog } from "./dsl/step-context";
export type { DurationTemplate, Template, TemplateOf, TextTemplate } from "./dsl/template";
export { text } from "./dsl/text";
export { type Transform, transform } from "./dsl/transform";
export {
  CerebelumError,
  DefinitionError,
  ExecutionFailedError,
  type Failure,
  fail,
  NonRetryableError,
  StepError,
} from "./errors";
export type { DistributedOptions, ExecuteOptions, LocalOptions } from "./execute";
export type { Decision, ExecutionHandle, ForkHandleOptions } from "./execution-handle";
export { type Clock, systemClock, type VirtualClock, type VirtualClockOptions, virtualClock } from "./local/clock";
export type { ListApprovals } from "./remote/approvals";
export type { Backoff } from "./remote/backoff";
export type { BulkDeadLetters, DeadLetterFilter, ListDeadLetters } from "./remote/dead-letters";
export type { ConnectionOptions } from "./remote/settings";
export type { Tracing, TracingContext, TracingSpan, TracingSpanContext, TracingTracer } from "./tracing";
export type * from "./types/answers";
export type * from "./types/definition";
export type * from "./types/executions";
export type * from "./types/history";
export type { Log } from "./worker/log";
export { type StopOptions, Worker, type WorkerOptions } from "./worker/worker";
export { type Workflow, workflow } from "./workflow";
