"use client";
/** A list to choose from, inside a popover: typing narrows it, arrows walk, Enter chooses one or ticks one of many. */
import { Check, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { classNames } from "./class-names";
import { TickMark } from "./tick-box";

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  icon?: ReactNode;
  hint?: string | undefined;
}

export function Choices<Value extends string>({
  label,
  empty,
  choices,
  chosen,
  isMany,
  onChoose,
}: {
  label: string;
  empty: string;
  choices: readonly Choice<Value>[];
  chosen?: readonly string[];
  /** Several may be chosen: each has a box, and choosing leaves the list open. */
  isMany?: boolean;
  onChoose: (value: Value) => void;
}) {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(() => (isMany ? 0 : choices.findIndex(({ value }) => chosen?.includes(value))));
  const wanted = text.trim().toLowerCase();
  const shown = choices.filter((choice) => choice.label.toLowerCase().includes(wanted));
  const active = Math.max(0, Math.min(at, shown.length - 1));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowDown") setAt(active + 1);
    else if (event.key === "ArrowUp") setAt(active - 1);
    else if (event.key === "Enter") {
      const choice = shown[active];
      if (choice) onChoose(choice.value);
    } else return;
    event.preventDefault();
  }

  return (
    <>
      <div className="flex shrink-0 items-center gap-2 border-b px-2.5">
        <Search aria-hidden size={14} className="shrink-0 text-ink-3" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the popover was opened to type here
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={shown[active] ? `${id}-${active}` : undefined}
          aria-label={label}
          placeholder={label}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-9 w-full bg-transparent text-sm focus-visible:outline-none"
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        aria-multiselectable={isMany || undefined}
        className="min-h-0 overflow-y-auto p-1"
      >
        {shown.map((choice, index) => {
          const isChosen = chosen?.includes(choice.value) === true;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled where the focus is, in the input
            <div
              key={choice.value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={isChosen}
              tabIndex={-1}
              onClick={() => onChoose(choice.value)}
              onPointerMove={() => setAt(index)}
              className={classNames(
                "flex min-h-8 items-center gap-2 rounded-sm px-2 text-sm",
                index === active && "bg-hover",
              )}
            >
              {isMany && <TickMark ticked={isChosen} />}
              {choice.icon}
              <span className="min-w-0 flex-1 truncate">{choice.label}</span>
              {choice.hint && <span className="max-w-28 truncate text-xs text-ink-3 tabular">{choice.hint}</span>}
              {isChosen && !isMany && <Check aria-hidden size={14} className="shrink-0 text-ink-2" />}
            </div>
          );
        })}
      </div>
      {shown.length === 0 && <p className="px-3 pt-1 pb-3 text-xs text-ink-3">{empty}</p>}
    </>
  );
}
