"use client";
/** One line or a text that is typed: it is written once it is valid; what is not stays as it was typed, and is said so. */
import { type ComponentProps, useState } from "react";
import type { JsonValue } from "@/lib/contract/json";
import { type Read, writeText } from "@/lib/editor/fields/read-text";
import { classNames } from "../../_ui/class-names";
import { inputClass } from "../../_ui/field";
import { isSameJson } from "./subject";

interface Typed {
  readonly text: string;
  readonly wrong: string | null;
  /** What stood in the document after it was typed: once something else does, that is shown. */
  readonly left: JsonValue | undefined;
}

export interface TypedText {
  readonly text: string;
  readonly wrong: string | null;
  readonly onType: (text: string) => void;
  /** It is what it means now: `1500 ` becomes `1500`. */
  readonly onLeave: () => void;
}

export function useTyped(
  value: JsonValue | undefined,
  read: (text: string) => Read,
  set: (value: JsonValue | undefined) => string | null,
  write: (value: JsonValue | undefined) => string = writeText,
): TypedText {
  const [typed, setTyped] = useState<Typed | null>(null);
  const current = typed !== null && isSameJson(typed.left, value) ? typed : null;
  return {
    text: current?.text ?? write(value),
    wrong: current?.wrong ?? null,
    onType: (text) => {
      const what = read(text);
      const wrong = "wrong" in what ? what.wrong : set(what.value);
      setTyped({ text, wrong, left: wrong === null && "value" in what ? what.value : value });
    },
    onLeave: () => {
      if (current?.wrong === null) setTyped(null);
    },
  };
}

export const smallInputClass = classNames(inputClass, "h-8 px-2 text-xs disabled:bg-sunken");

export function SmallInput({ className, ...rest }: ComponentProps<"input">) {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      {...rest}
      className={classNames(smallInputClass, "read-only:bg-sunken", className)}
    />
  );
}

export function SmallArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      spellCheck={false}
      {...rest}
      className={classNames(smallInputClass, "h-auto resize-y py-1.5 leading-4 read-only:bg-sunken", className)}
    />
  );
}
