"use client";
/** The text of a field at rest, in the same place to the pixel as while it is typed in. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { classNames } from "../../_ui/class-names";
import type { Early, Entered, FieldBox } from "./field-props";
import { colours, jsonColours } from "./highlight";

interface AtRestProps extends FieldBox {
  isJson?: boolean;
  /** Keeps what is typed until the editor has come. */
  early: Early;
  /** Kept between draws. */
  onShown: () => void;
  onWanted: (at: Entered) => void;
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
  early,
  onShown,
  onWanted,
}: AtRestProps) {
  const isPressed = useRef(false);
  useEffect(onShown, [onShown]);
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
      // What is pressed is entered when it is let go: until then the browser has not set the focus.
      onPointerDown={() => {
        isPressed.current = true;
      }}
      onFocus={() => {
        if (!isPressed.current) onWanted(true);
      }}
      onClick={(event) => onWanted({ x: event.clientX, y: event.clientY })}
      onKeyDown={(event) => {
        onWanted(true);
        if (!readOnly) keepEarly(event, early);
      }}
    >
      {text === "" ? "​" : isExpression ? <Coloured text={text} isJson={isJson} /> : text}
    </div>
  );
}

/** No key of it is the page's, and none is lost; Tab and Escape leave. */
function keepEarly(event: KeyboardEvent, early: Early): void {
  const isMod = event.ctrlKey || event.metaKey;
  const isAll = isMod && event.key.toLowerCase() === "a";
  if (!isAll && (isMod || event.altKey || event.key.length !== 1)) return;
  event.stopPropagation();
  event.preventDefault();
  Object.assign(early, isAll ? { text: "", isAll } : { text: early.text + event.key });
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
