/** What a behaviour is, and what its script may do: the same for every host. */
import type { Definition, Edge, MapGraph, Node } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import type { StepContext } from "@/worker-sdk/src/dsl/step-context";
import type { Told } from "./told";

/** A handler as a developer writes it. */
export type Handler = (input: never, ctx: StepContext) => unknown;

export type HostName = "local" | "engine";

export interface HttpAnswer {
  status?: number;
  headers?: { [name: string]: string };
  body?: JsonValue;
}

export interface Given {
  /** What is started is the last of them; the others are known by name. */
  definitions: readonly [Definition, ...Definition[]] | Definition;
  /** By task name. A task without one gives its own name. */
  handlers?: { readonly [task: string]: Handler };
  /** What a URL answers; each call of it counts from 1. */
  http?: { readonly [url: string]: (call: number) => HttpAnswer };
  input?: JsonValue;
  options?: StartOptions;
  /** Tasks whose handlers are not begun until they are released: by path, or by path and index, as `each/charge[1]`. */
  held?: readonly string[];
  /** Handlers that are held say nothing either, as a worker that died. */
  silent?: boolean;
}

export interface StartOptions {
  key?: string;
  tags?: string[];
  correlationId?: string;
  priority?: number;
  timeoutMs?: number;
  /** How long after now. */
  startInMs?: number;
}

export interface Behaviour {
  /** A sentence. */
  name: string;
  /** Which rules of the definition it shows. */
  rules: readonly number[];
  given: Given;
  /** Default: the execution runs to its end, or to where only somebody outside could move it. */
  when?: (run: Run) => Promise<unknown>;
  then: (told: Told, others: readonly Told[]) => void;
  /** Default: all of them. What only one host can have is no part of what must be equal. */
  only?: HostName;
}

/** One execution in the hands of a script. Nothing sleeps: time passes only where the script says so. */
export interface Run {
  readonly id: string;
  /** All that can be done at this instant. */
  settle(): Promise<void>;
  /** So much time, and all that comes due in it, each at its own instant. */
  pass(ms: number): Promise<void>;
  /** As much time as it takes until nothing will come due any more. */
  finish(): Promise<void>;
  /** Lets a held handler begin, and all that follows from it at this instant. */
  release(place: string): Promise<void>;

  signal(name: string, payload?: JsonValue): Promise<void>;
  /** The approval that this node, or this item of it, waits for. */
  decide(node: string, decision: "approved" | "rejected", more?: { data?: JsonValue; comment?: string }): Promise<void>;
  /** That very approval, whatever has become of it. */
  decideAgain(approvalId: string, decision: "approved" | "rejected"): Promise<void>;
  cancel(options?: { reason?: string; compensate?: boolean }): Promise<void>;
  terminate(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  retry(options?: { fromNode?: string; input?: JsonValue }): Promise<void>;
  /** `at`: a sequence, or the last event of that type. */
  fork(options: {
    at: number | string;
    input?: JsonValue;
    overrides?: { [node: string]: { output: JsonValue } };
  }): Promise<Run>;
  /** As it stands now. */
  told(): Promise<Told>;
}

/** A host refused a command that could be refused. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(`refused: ${code}`);
  }
}

/** Resolves with the code that the command was refused with. */
export async function refusal(command: Promise<unknown>): Promise<string> {
  try {
    await command;
    return "accepted";
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}

/** `"a > b"`, with a port `"a.port > b"`; several at once `"a > b > c"`. */
export function edges(...texts: string[]): Edge[] {
  return texts.flatMap((text) => {
    const places = text.split(" > ").map((place) => place.split("."));
    return places.slice(1).map(([to = ""], i) => {
      const [from = "", port] = places[i] ?? [];
      return port === undefined ? { from, to } : { from, port, to };
    });
  });
}

export function loop(from: string, port: string, to: string, more: NonNullable<Edge["loop"]> = {}): Edge {
  return { from, port, to, loop: more };
}

export function flow(name: string, nodes: Node[], edges: Edge[] = [], more: Partial<Definition> = {}): Definition {
  return { name, nodes, edges, ...more };
}

export function body(nodes: Node[], edges: Edge[] = [], output?: JsonValue): MapGraph {
  return { nodes, edges, ...(output === undefined ? {} : { output }) };
}

export function task(id: string, more: Partial<Extract<Node, { type: "task" }>> = {}): Node {
  return { id, type: "task", task: id, input: null, ...more };
}

export function transform(
  id: string,
  value: JsonValue,
  more: Partial<Extract<Node, { type: "transform" }>> = {},
): Node {
  return { id, type: "transform", value, ...more };
}

/** One attempt, so that a failure is one for good. */
export const ONCE = { retry: { maxAttempts: 1 } } as const;

/** A handler whose first attempts fail with these codes; then it gives what it was given. */
export function failing(...codes: string[]): Handler {
  return (input: unknown, { attempt }) => {
    const code = codes[attempt - 1];
    if (code !== undefined) throw Object.assign(new Error(`it is ${code}`), { code });
    return input;
  };
}

/** Gives what it was given. */
export const echo: Handler = (input: unknown) => input;
