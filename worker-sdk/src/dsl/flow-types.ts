/** How results are typed from step to step: what each element accepts, and what it hands on. */
import type { ErrorInfo } from "../types/history";
import type { Branch, Case, Element, Path } from "./elements";
import type { End } from "./end";
import type { GraphNode } from "./graph-node";
import type { Jump, Proceed, Stop } from "./jump";
import type { Pattern } from "./pattern";
import type { Sleep } from "./sleep";

/** Hands on what it was given. */
type Passing = Sleep | Proceed | Branch;

/** Stands for "what it was given", where that is not known yet. */
declare const given: unique symbol;
type PassedOn = typeof given;

/** What an element takes from the one before it. */
export type InputOf<E> =
  E extends GraphNode<string, infer In, unknown, unknown>
    ? In
    : E extends Path<infer In, unknown, string>
      ? In
      : E extends Jump<string, infer In>
        ? In
        : E extends readonly unknown[]
          ? { [K in keyof E]: (input: InputOf<E[K]>) => void }[number] extends (input: infer In) => void
            ? In
            : never
          : unknown;

/** What the element after it receives. */
export type OutputAfter<E, Current> =
  E extends GraphNode<string, never, infer Out, unknown>
    ? Out
    : E extends Path<never, infer Out, string>
      ? OutputOfPath<Out, Current>
      : E extends Passing
        ? Current
        : E extends End | Jump | Stop
          ? never
          : E extends readonly (infer Member)[]
            ? { [M in Member as NameOf<M>]: OutputAfter<M, Current> }
            : never;

type OutputOfPath<Out, Current> = unknown extends Out
  ? Out
  : Exclude<Out, PassedOn> | ([Extract<Out, PassedOn>] extends [never] ? never : Current);

/** The node whose output an element hands on, by which a group's members are told apart. */
export type NameOf<E> =
  E extends GraphNode<infer Name, never, unknown, unknown>
    ? Name
    : E extends Path<never, unknown, infer Name>
      ? Name
      : never;

/** The output after all of the elements. */
export type Outcome<Elements extends readonly unknown[], Current> = Elements extends readonly [
  infer Head,
  ...infer Tail,
]
  ? Outcome<Tail, OutputAfter<Head, Current>>
  : Current;

/** The output of a path, wherever it will stand. */
export type PathOutcome<Elements extends readonly unknown[]> = Outcome<Elements, PassedOn>;

/** The last node's name; what hands on does not count. */
export type LastName<Elements extends readonly unknown[], Before extends string> = Elements extends readonly [
  ...infer Init,
  infer Last,
]
  ? Last extends Passing
    ? LastName<Init, Before>
    : NameOf<Last>
  : Before;

interface Mismatch<Gets, Wants> {
  "this step cannot take what the one before it returns; give it its input with .with({ … })": {
    gets: Gets;
    wants: Wants;
  };
}

/** Each element, or in place of each that does not fit, what is wrong with it. A list made at run time is taken as it is. */
export type Chain<
  Elements extends readonly unknown[],
  Current,
  Checked extends readonly unknown[] = [],
> = number extends Elements["length"]
  ? Elements
  : Elements extends readonly [infer Head, ...infer Tail]
    ? Chain<Tail, OutputAfter<Head, Current>, [...Checked, Fits<Head, Current>]>
    : Checked;

export type Fits<E, Current> = unknown extends Current
  ? E
  : E extends readonly unknown[]
    ? { [K in keyof E]: Fits<E[K], Current> }
    : [Current] extends [InputOf<E>]
      ? E
      : Mismatch<Current, InputOf<E>>;

/** What the first element accepts that takes anything at all: the workflow's input, where none was named. */
export type FirstInput<Elements extends readonly unknown[]> = Elements extends readonly [infer Head, ...infer Tail]
  ? Head extends Passing
    ? FirstInput<Tail>
    : InputOf<Head>
  : unknown;

/** An arm of a branch: elements, with a condition or without. */
export type Arm = Element | Case<never, unknown, "result", unknown>;
/** A rule: an arm, on the result or on the error. */
export type Rule = Element | Case<never, unknown, "result" | "error", unknown>;

type OutputOfArm<A, Given> = A extends Case<never, infer Out> ? OutputOfPath<Out, Given> : OutputAfter<A, Given>;
type InputOfArm<A> = A extends Case<infer In, unknown> ? In : InputOf<A>;

/** What follows a branch receives: what the arm that was taken returned, or, if none was, what came past it (`Current`). */
export type BranchOutput<Arms, Out, Ports, Current> = [
  | { [Port in keyof Arms]: OutputOfArm<Arms[Port], GivenTo<Arms[Port], Port, Out, Ports>> }[keyof Arms]
  | ("otherwise" extends keyof Arms ? PastOtherwise<Out, Current> : Current),
] extends [infer Output]
  ? Output
  : never;

/** Nothing, unless an earlier branch of the same step has arms of its own. */
type PastOtherwise<Out, Current> = [Current] extends [Out] ? never : Current;

/** What a choice takes that may stand anywhere: what all of its arms take. */
export type ChoiceInput<Arms> = {
  [Port in keyof Arms]: (input: InputOfArm<Arms[Port]>) => void;
}[keyof Arms] extends (input: infer In) => void
  ? In
  : never;

/** What follows a choice receives, wherever it will stand. */
export type ChoiceOutcome<Arms> = BranchOutput<Arms, PassedOn, unknown, PassedOn>;

/** `Middle`: steps after the branch were promised `Current` already, so that its arms must keep to it. */
export type CheckedArms<Arms, Current, Ports, Middle extends boolean> = {
  [Port in keyof Arms]: CheckedArm<Arms[Port], GivenTo<Arms[Port], Port, Current, Ports>, Current, Middle>;
};

/** An arm on a port gets that port's output, one on an error the error, every other what the step returned. */
type GivenTo<A, Port, Current, Ports> =
  A extends Case<never, unknown, "result", unknown>
    ? Current
    : A extends Case<never, unknown, "error", unknown>
      ? ErrorInfo
      : Port extends "error"
        ? ErrorInfo
        : Port extends keyof Ports
          ? Ports[Port]
          : Current;

type CheckedArm<A, Given, Promised, Middle extends boolean> =
  A extends Case<never, unknown, "result" | "error", infer Asked>
    ? unknown extends Asked
      ? FittingArm<A, Given, Promised, Middle>
      : [UnknownFields<Asked, Given>] extends [never]
        ? Asked extends Pattern<Given>
          ? FittingArm<A, Given, Promised, Middle>
          : PatternMismatch<Asked, Given>
        : NoSuchField<UnknownFields<Asked, Given>>
    : FittingArm<A, Given, Promised, Middle>;

type FittingArm<A, Given, Promised, Middle extends boolean> = unknown extends Given
  ? Kept<A, Given, Promised, Middle>
  : A extends readonly unknown[]
    ? A extends Fits<A, Given>
      ? Kept<A, Given, Promised, Middle>
      : Fits<A, Given>
    : [Given] extends [InputOfArm<A>]
      ? Kept<A, Given, Promised, Middle>
      : Mismatch<Given, InputOfArm<A>>;

type Kept<A, Given, Promised, Middle extends boolean> = Middle extends true
  ? [OutputOfArm<A, Given>] extends [Promised]
    ? A
    : Mismatch<OutputOfArm<A, Given>, Promised>
  : A;

interface NoSuchField<Field> {
  "the pattern names a field that the step does not return": Field;
}
interface PatternMismatch<Asked, Given> {
  "the pattern asks for what the step cannot return": { asks: Asked; returns: Given };
}

/** The fields of a pattern that no value of the type has. */
type UnknownFields<Asked, Value> = unknown extends Value
  ? never
  : Asked extends readonly unknown[]
    ? never
    : Asked extends object
      ? {
          [K in keyof Asked]: K extends KeyOfAny<Value> ? UnknownFields<Asked[K], ValueAt<NonNullable<Value>, K>> : K;
        }[keyof Asked]
      : never;

type KeyOfAny<T> = T extends unknown ? keyof NonNullable<T> : never;
type ValueAt<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

/** What a map gives whose body gives `Out` for one item. */
export type Mapped<Item, Out, Options> = Options extends { failure: "continue" }
  ? ItemResult<OutputOfPath<Out, Item>>[]
  : OutputOfPath<Out, Item>[];

/** How one item of a map ended that goes on past failures. */
export type ItemResult<Out> = { status: "completed"; output: Out } | { status: "failed"; error: ErrorInfo };

/** Something with an input and an output: the body of a map. */
export interface HasFlow<In, Out> {
  readonly types?: { accepts: (input: In) => void; out: Out };
}
