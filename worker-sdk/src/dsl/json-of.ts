/** The type that a value has after a trip through JSON: what the next step really receives. */

type Dropped = undefined | symbol | ((...args: never[]) => unknown);

/** Dates become strings, `undefined` members go, `undefined` itself becomes null. */
export type JsonOf<T> = unknown extends T
  ? unknown
  : T extends null | boolean | number | string
    ? T
    : T extends { toJSON(): infer J }
      ? JsonOf<J>
      : T extends undefined
        ? null
        : T extends Dropped | bigint
          ? never
          : T extends readonly unknown[]
            ? { -readonly [K in keyof T]: JsonOf<T[K]> }
            : T extends object
              ? { [K in keyof T as T[K] extends Dropped ? never : K]: JsonMember<T[K]> }
              : T extends void
                ? null
                : never;

/** An optional member stays optional: its `undefined` is left out, not sent as null. */
type JsonMember<T> = undefined extends T ? JsonOf<Exclude<T, undefined>> | undefined : JsonOf<T>;
