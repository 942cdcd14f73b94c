/** What a timeline is made of: nodes, groups of them, paths, branches, maps, waits and ends. */
import type { Absent } from "./absent";
import type { Approval } from "./approval";
import type { Child } from "./child";
import type { End } from "./end";
import { GraphNode, type JoinOptions } from "./graph-node";
import type { HttpCall } from "./http";
import type { Jump, Proceed, Stop } from "./jump";
import type { Signal } from "./signal";
import type { Sleep } from "./sleep";
import type { AnyStep } from "./step";
import type { Template } from "./template";
import type { Transform } from "./transform";

/** Elements one after another, as one element: an arm of a branch, a strand of a parallel group, the body of a map. */
export class Path<In = never, Out = unknown, Name extends string = string> {
  readonly kind = "path";
  /** Only for the compiler. */
  declare readonly types?: { accepts: (input: In) => void; out: Out; name: Name };
  constructor(readonly elements: readonly Element[]) {}
}

/** A path that is taken if a condition holds: on what the step returned, or on the error that it failed with. */
export class Case<In = never, Out = unknown, Of extends "result" | "error" = "result" | "error", Asked = unknown> {
  readonly kind = "case";
  /** Only for the compiler. */
  declare readonly types?: { asked: Asked };
  constructor(
    readonly of: Of,
    /** CEL, given the id of the step that it is about. */
    readonly condition: (after: string) => string,
    readonly path: Path<In, Out>,
  ) {}
}

/** One arm behind its condition. */
export interface ConditionalArm {
  readonly port: string;
  readonly when: string;
  readonly path: Path;
}

/** The choice that a decision is in the definition, where the timeline names it. */
export interface ChoiceOptions extends JoinOptions {
  readonly id: string;
}

/**
 * What `branch` or `diverge` put after a node, or, after none, what `choice` put where it stands: each list in the order in
 * which it is judged.
 */
export class Branch {
  readonly kind = "branch";
  constructor(
    readonly after: string | null,
    readonly word: "branch" | "diverge" | "choice",
    readonly arms: {
      readonly conditions: readonly ConditionalArm[];
      /** Absent: what no condition takes goes on past the branch. */
      readonly otherwise?: Path;
      /** From the node's own ports; `error`: what no condition on the error takes. */
      readonly ports: readonly { readonly port: string; readonly path: Path }[];
      readonly errors: readonly ConditionalArm[];
    },
    /** Of a choice. */
    readonly node?: ChoiceOptions,
  ) {}

  /** By which a jump finds it. */
  get id(): string | undefined {
    return this.node?.id;
  }
}

/** What a map runs for each item. */
export interface Body {
  readonly elements: readonly Element[];
  /** Default: what its last element gives. */
  readonly output?: Template | Absent;
}

export interface MapOptions extends JoinOptions {
  /** Items with a scheduled task at once. Default 100. */
  concurrency?: number;
  /**
   * `stop` (default): the first item that fails ends the map with `MAP_FAILED`. `continue`: all run, and each gives
   * `{ status, output }` or `{ status, error }`.
   */
  failure?: "stop" | "continue";
}

/** Runs a body once for each of a list of items. */
export class MapItems<Name extends string = string, In = never, Out = unknown> extends GraphNode<
  Name,
  In,
  Out,
  unknown
> {
  readonly kind = "map";
  constructor(
    id: Name,
    /** Undefined: what the element before gives. */
    readonly items: Template | undefined,
    readonly body: Body,
    readonly options: MapOptions,
  ) {
    super(id);
  }

  /** The same map at another place; the nodes of its body need other ids too. */
  as<const Id extends string>(id: Id): MapItems<Id, In, Out> {
    return new MapItems(id, this.items, this.body, this.options);
  }
}

/** A node with an output of its own. */
export type AnyNode =
  | AnyStep
  | Transform<string, unknown>
  | Approval<string, unknown>
  | Signal<string, unknown>
  | Child<string, never, unknown>
  | HttpCall<string, unknown>
  | MapItems<string, never, unknown>;

/** What may stand in a parallel group. */
export type Member = AnyNode | Sleep | End | Jump | Proceed | Stop | Path;
export type Element = Member | Branch | readonly Member[];
