"use client";
/** A line with names to choose from below it while one types; any other name may be typed, too. */
import { type ReactNode, useId, useState } from "react";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import { classNames } from "../../_ui/class-names";
import type { Wired } from "./field-shell";
import { SmallInput } from "./typed-input";

export interface Suggestion {
  readonly value: string;
  readonly hint?: string;
  readonly icon?: ReactNode;
}

const MOST = 50;

export function SuggestInput({
  wired,
  text,
  onType,
  onLeave,
  onEnter,
  autoFocus,
  suggestions,
  placeholder,
  isReadOnly,
  label,
  className,
}: {
  wired?: Wired;
  text: string;
  onType: (text: string) => void;
  onLeave?: () => void;
  /** Enter, where it chooses nothing from the list. */
  onEnter?: () => void;
  autoFocus?: boolean;
  suggestions: readonly Suggestion[];
  placeholder?: string | undefined;
  isReadOnly: boolean;
  /** Where no label stands beside it. */
  label?: string;
  className?: string;
}) {
  const list = useId();
  const [isOpen, setOpen] = useState(false);
  // Of all while nothing was typed yet: what stands there is no search.
  const [isNarrowed, setNarrowed] = useState(false);
  const [at, setAt] = useState(-1);
  const wanted = isNarrowed ? text.trim().toLowerCase() : "";
  const shown = suggestions
    .filter(({ value, hint = "" }) => `${value} ${hint}`.toLowerCase().includes(wanted))
    .slice(0, MOST);
  const isShown = isOpen && shown.length > 0 && !isReadOnly;
  const choose = (value: string) => {
    onType(value);
    setOpen(false);
    setNarrowed(false);
  };
  return (
    <span className={classNames("relative block", className)}>
      <SmallInput
        {...wired}
        role="combobox"
        aria-label={label}
        aria-expanded={isShown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={isShown && at >= 0 ? `${list}-${at}` : undefined}
        autoFocus={autoFocus}
        value={text}
        placeholder={placeholder}
        readOnly={isReadOnly}
        onFocus={() => setNarrowed(false)}
        onClick={() => setOpen(true)}
        onBlur={() => {
          setOpen(false);
          onLeave?.();
        }}
        onChange={({ target }) => {
          setOpen(true);
          setNarrowed(true);
          setAt(-1);
          onType(target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setOpen(true);
            setAt(Math.max(0, Math.min(at + (event.key === "ArrowDown" ? 1 : -1), shown.length - 1)));
          } else if (event.key === "Enter" && isShown && shown[at]) {
            event.preventDefault();
            choose(shown[at].value);
          } else if (event.key === "Enter" && onEnter) {
            event.preventDefault();
            onEnter();
          } else if (event.key === "Escape" && isShown) {
            // Of the list alone: the selection stays.
            event.stopPropagation();
            setOpen(false);
          }
        }}
        className="font-mono"
      />
      {isShown && (
        <div
          id={list}
          role="listbox"
          aria-label={words.suggestions}
          className="absolute inset-x-0 top-full z-20 mt-1 max-h-48 overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
        >
          {shown.map(({ value, hint, icon }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled where the focus is, in the input
            <div
              key={value}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(value)}
              className={classNames(
                "flex min-h-7 items-center gap-2 rounded-sm px-2 text-xs",
                index === at && "bg-hover",
              )}
            >
              {icon}
              <span className="min-w-0 flex-1 truncate font-mono">{value}</span>
              {hint && <span className="max-w-32 shrink-0 truncate text-2xs text-ink-3">{hint}</span>}
            </div>
          ))}
        </div>
      )}
    </span>
  );
}
