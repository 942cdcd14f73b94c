/** What a host must do for a behaviour to run on it. */
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import type { Given, StartOptions } from "./behaviour";

/** Gives one behaviour after another a stage of its own. */
export interface Host {
  open(given: Given, definitions: readonly Definition[]): Promise<Stage>;
  close(): Promise<void>;
}

/** Executions on a clock that moves only when told. Refusals are thrown as `Refused`. */
export interface Stage {
  start(workflow: string, input: JsonValue, options: StartOptions): Promise<string>;
  /** Lets every handler answer that is not held, one after another in the order of dispatch, until none is left. */
  settle(): Promise<void>;
  /** From now on these places are not held. */
  release(place: string): void;
  now(): number;
  /** When something comes due by itself; null: nothing does. */
  nextAt(): Promise<number | null>;
  /** At most to where something comes due. */
  passTo(at: number): Promise<void>;
  control(id: string, control: Control): Promise<void>;
  decide(id: string, approvalId: string, decision: Decision): Promise<void>;
  fork(id: string, options: Fork): Promise<string>;
  history(id: string): Promise<HistoryEvent[]>;
  /** Leaves nothing behind that could disturb the next one; answers what is stored and does not follow from the histories. */
  close(): Promise<string[]>;
}

export type Control =
  | { type: "signal"; signal: string; payload: JsonValue }
  | { type: "cancel"; reason?: string; compensate?: boolean }
  | { type: "terminate" | "pause" | "resume" }
  | { type: "retry"; fromNode?: string; input?: JsonValue };

export interface Decision {
  decision: "approved" | "rejected";
  data?: JsonValue;
  comment?: string;
}

export interface Fork {
  at: number;
  input?: JsonValue;
  overrides?: { [node: string]: { output: JsonValue } };
}
