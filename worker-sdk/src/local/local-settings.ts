/** What a local execution shares with those that it starts: what is known by name, where ids and chance come from, who watches. */
import type { HistoryEvent } from "@/lib/contract/history";
import type { LogItem } from "@/lib/contract/logs";
import type { AnyStep } from "../dsl/step";
import type { StepContext } from "../dsl/step-context";
import type { JsonValue } from "../types/definition";
import type { CallOptions, CallOutcome } from "./call-url";
import type { LocalWorkflows } from "./local-workflows";
import type { PlayedWorld } from "./played-world";

export interface LocalSettings {
  workflows: LocalWorkflows;
  /** At least 0 and less than 1. */
  random(): number;
  newId(of: "execution" | "task" | "approval"): string;
  /** Calls what an http step of that node names. */
  call(node: string, request: JsonValue, options: CallOptions): Promise<CallOutcome>;
  /** Runs a step's handler; whoever tries a workflow out may do something else. */
  handle(step: AnyStep, input: unknown, context: StepContext): unknown;
  /** In place of handlers, calls, people and children. */
  world?: PlayedWorld;
  onEvent?(executionId: string, event: HistoryEvent): void;
  onLog?(executionId: string, line: LogItem): void;
}
