"use client";
/** The line below a field: what is wrong with it, what it would give, or its hint; the room for one line is always kept. */
import type { ReactNode } from "react";
import { codeTexts } from "@/lib/client/texts/editor-code";
import type { JsonValue } from "@/lib/contract/json";

const words = codeTexts.field;

export type Said =
  | { readonly tone: "danger" | "warning"; readonly text: string }
  /** With the values of the chosen execution. */
  | { readonly tone: "value"; readonly value: JsonValue };

const SHOWN_CHARACTERS = 200;

export function FieldLine({ id, said, hint }: { id: string; said: Said | null; hint?: ReactNode }) {
  return (
    <div id={id} aria-live="polite" className="min-h-4 min-w-0 text-xs text-ink-3">
      {said === null ? hint : <Line said={said} />}
    </div>
  );
}

function Line({ said }: { said: Said }) {
  if (said.tone !== "value")
    return <p className={said.tone === "danger" ? "text-danger" : "text-warning"}>{said.text}</p>;
  const text = JSON.stringify(said.value);
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return (
    <p className="flex min-w-0 gap-1.5">
      <span className="shrink-0">{words.gives}</span>
      <code className="truncate font-mono text-2xs leading-4 text-ink-2" title={shown}>
        {shown}
      </code>
    </p>
  );
}
