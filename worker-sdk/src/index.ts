/** `@cerebelum/sdk`: write workflows, run them here or on a server, serve their steps, and watch them. */

export type { AnyWorkflow } from "./any-workflow";
export { Client, type ClientOptions, type ListOptions, type StartOptions, type WaitOptions } from "./client";
export {
  type ApprovalDirective,
  type ApprovalRequest,
  askApproval,
  type Directive,
  type FailDirective,
  failForGood,
  type PortResult,
  port,
  type SleepDirective,
  sleepFor,
} from "./dsl/directives";
export {
  Branch,
  Case,
  completeExecution,
  type Element,
  End,
  failExecution,
  Path,
  Sleep,
  sleep,
  sleepUntil,
  Transform,
  transform,
} from "./dsl/elements";
export type { JsonOf } from "./dsl/json-of";
export type { JsonSchema, SchemaValue } from "./dsl/json-schema";
export { Condition, cel, type Expression, input, on, type Reference } from "./dsl/references";
export {
  type AnyStep,
  type Handler,
  Step,
  type StepOptions,
  step,
} from "./dsl/step";
export type {
  ApprovalOutcome,
  Approved,
  Expired,
  Rejected,
  Resumed,
  StepContext,
  StepLog,
} from "./dsl/step-context";
export type { Template } from "./dsl/template";
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
export { type Clock, systemClock, type VirtualClock, virtualClock } from "./local/clock";
export type { Backoff } from "./remote/backoff";
export type { ConnectionOptions } from "./remote/settings";
export type * from "./types";
export type { Log } from "./worker/log";
export { type StopOptions, Worker, type WorkerOptions } from "./worker/worker";
export { path, Workflow, type WorkflowOptions, when, workflow } from "./workflow";
