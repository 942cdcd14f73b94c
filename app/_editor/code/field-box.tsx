"use client";
/** The text of a field in its two states, in the same place to the pixel: at rest, and while it is typed in. */
import { lazy, type ReactNode, Suspense, useRef } from "react";
import { classNames } from "../../_ui/class-names";
import type { Entered, FieldBox, TypingProps } from "./field-props";
import { colours, jsonColours } from "./highlight";

const load = () => import("./typing-field");
const Typing = lazy(load);

/** Called when somebody comes near: then it stands when it is needed. */
export function loadTyping(): void {
  void load();
}

export function TypingField(props: TypingProps) {
  return (
    <Suspense fallback={<AtRest {...props} onWanted={() => {}} />}>
      <Typing {...props} />
    </Suspense>
  );
}

export function AtRest({
  id,
  label,
  text,
  isExpression,
  isInvalid,
  describedBy,
  multiline,
  readOnly,
  isJson = false,
  onWanted,
}: FieldBox & { isJson?: boolean; onWanted: (at: Entered) => void }) {
  const isPressed = useRef(false);
  return (
    <div
      id={id}
      role="textbox"
      tabIndex={0}
      aria-label={label}
      aria-multiline={multiline}
      aria-readonly={readOnly || undefined}
      aria-invalid={isInvalid || undefined}
      aria-describedby={describedBy}
      className={classNames(
        "min-w-0 flex-1 cursor-text px-2.5 py-[6px] leading-[18px] break-words whitespace-break-spaces text-ink outline-none [overflow-wrap:anywhere]",
        isExpression ? "font-mono text-xs leading-[18px]" : "text-sm leading-[18px]",
      )}
      onPointerEnter={loadTyping}
      // What is pressed is entered when it is let go: until then the browser has not set the focus.
      onPointerDown={() => {
        isPressed.current = true;
      }}
      onFocus={() => {
        if (!isPressed.current) onWanted(true);
      }}
      onClick={(event) => onWanted({ x: event.clientX, y: event.clientY })}
      onKeyDown={() => onWanted(true)}
    >
      {text === "" ? "​" : isExpression ? <Coloured text={text} isJson={isJson} /> : text}
    </div>
  );
}

/** A longer text is worth no colours before somebody is in it. */
const COLOURED_CHARACTERS = 5_000;

function Coloured({ text, isJson }: { text: string; isJson: boolean }) {
  if (text.length > COLOURED_CHARACTERS) return text;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { from, to, className } of isJson ? jsonColours(text) : colours(text)) {
    if (from > at) parts.push(text.slice(at, from));
    parts.push(
      <span key={from} className={className}>
        {text.slice(from, to)}
      </span>,
    );
    at = to;
  }
  return [...parts, text.slice(at)];
}
