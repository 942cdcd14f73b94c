/** How results are typed from step to step: what each element accepts, and what it hands on. */

import type { ErrorInfo } from "../types";
import type { Branch, Case, Element, End, Path, Sleep, Transform } from "./elements";
import type { Step } from "./step";

type Intersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? I : never;

/** What an element takes from the one before it. */
export type InputOf<E> =
  E extends Step<string, infer In, unknown>
    ? In
    : E extends Path<infer In, unknown, string>
      ? In
      : E extends readonly unknown[]
        ? Intersection<{ [K in keyof E]: [InputOf<E[K]>] }[number]> extends [infer In]
          ? In
          : unknown
        : unknown;

/** What the element after it receives. */
export type OutputAfter<E, Current> =
  E extends Step<string, never, infer Out>
    ? Out
    : E extends Path<never, infer Out, string>
      ? Out
      : E extends Transform<string, infer Out>
        ? Out
        : E extends Sleep | Branch
          ? Current
          : E extends End
            ? never
            : E extends readonly (infer Member)[]
              ? { [M in Member as NameOf<M>]: OutputAfter<M, Current> }
              : never;

/** The step whose output an element hands on, by which a group's members are told apart. */
export type NameOf<E> =
  E extends Step<infer Name, never, unknown>
    ? Name
    : E extends Transform<infer Name, unknown>
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

/** The last step's name; sleeps hand on, and so do not count. */
export type LastName<Elements extends readonly unknown[], Before extends string> = Elements extends readonly [
  ...infer Init,
  infer Last,
]
  ? Last extends Sleep
    ? LastName<Init, Before>
    : NameOf<Last>
  : Before;

interface Mismatch<Gets, Wants> {
  "this step cannot take what the one before it returns; give it its input with .with({ … })": {
    gets: Gets;
    wants: Wants;
  };
}

/** Each element, or in place of the first that does not fit, what is wrong with it. A list made at run time is taken as it is. */
export type Chain<Elements extends readonly unknown[], Current> = number extends Elements["length"]
  ? Elements
  : Elements extends readonly [infer Head, ...infer Tail]
    ? [Fits<Head, Current>, ...Chain<Tail, OutputAfter<Head, Current>>]
    : [];

export type Fits<E, Current> = unknown extends Current
  ? E
  : [Current] extends [InputOf<E>]
    ? E
    : Mismatch<Current, InputOf<E>>;

/** What the first element accepts: the workflow's input, where none was named. */
export type FirstInput<Elements extends readonly unknown[]> = Elements extends readonly [infer Head, ...unknown[]]
  ? InputOf<Head>
  : unknown;

export type Arm = Element | Case<never, unknown>;

type OutputOfArm<A, Current> = A extends Case<never, infer Out> ? Out : OutputAfter<A, Current>;
type InputOfArm<A> = A extends Case<infer In, unknown> ? In : InputOf<A>;

/** What follows a branch receives: what the arm that was taken returned, or, if none was, what the step before returned. */
export type BranchOutput<Arms, Current> =
  | { [Port in keyof Arms]: OutputOfArm<Arms[Port], Current> }[keyof Arms]
  | ("otherwise" extends keyof Arms ? never : Current);

/** `Middle`: steps after the branch were promised `Current` already, so that its arms must keep to it. */
export type CheckedArms<Arms, Current, Ports, Middle extends boolean> = {
  [Port in keyof Arms]: CheckedArm<Arms[Port], GivenTo<Arms[Port], Port, Current, Ports>, Current, Middle>;
};

/** An arm on a port gets that port's output, one on `error` the error, every other what the step returned. */
type GivenTo<A, Port, Current, Ports> =
  A extends Case<never, unknown>
    ? Current
    : Port extends "error"
      ? ErrorInfo
      : Port extends keyof Ports
        ? Ports[Port]
        : Current;

type CheckedArm<A, Given, Promised, Middle extends boolean> = unknown extends Given
  ? Kept<A, Promised, Middle>
  : [Given] extends [InputOfArm<A>]
    ? Kept<A, Promised, Middle>
    : Mismatch<Given, InputOfArm<A>>;

type Kept<A, Promised, Middle extends boolean> = Middle extends true
  ? [OutputOfArm<A, Promised>] extends [Promised]
    ? A
    : Mismatch<OutputOfArm<A, Promised>, Promised>
  : A;
