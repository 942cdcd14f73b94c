"use client";
/** A button that opens a searchable list: typing narrows it, arrows move, Enter chooses, Escape leaves. */
import { Check, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { classNames } from "./class-names";
import type { TriggerElement } from "./on-demand";
import { Popover } from "./popover";

export interface Option {
  value: string;
  label: string;
  icon?: ReactNode;
  hint?: string;
}

export function Combobox({
  options,
  value,
  onChange,
  trigger,
  placeholder,
  empty,
  matchWidth,
}: {
  options: Option[];
  value: string | null;
  onChange: (value: string) => void;
  trigger: TriggerElement;
  placeholder: string;
  empty: string;
  /** As wide as the trigger, for fields in forms. */
  matchWidth?: boolean;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      className={matchWidth ? "w-(--radix-popover-trigger-width)" : "w-64"}
    >
      <OptionList
        options={options}
        value={value}
        placeholder={placeholder}
        empty={empty}
        onChoose={(chosen) => {
          setOpen(false);
          onChange(chosen);
        }}
      />
    </Popover>
  );
}

function OptionList({
  options,
  value,
  placeholder,
  empty,
  onChoose,
}: {
  options: Option[];
  value: string | null;
  placeholder: string;
  empty: string;
  onChoose: (value: string) => void;
}) {
  const id = useId();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = options.filter((option) => option.label.toLowerCase().includes(wanted));
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      options.findIndex((option) => option.value === value),
    ),
  );
  const active = Math.max(0, Math.min(at, shown.length - 1));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowDown") setAt(active + 1);
    else if (event.key === "ArrowUp") setAt(active - 1);
    else if (event.key === "Enter") {
      const chosen = shown[active];
      if (chosen) onChoose(chosen.value);
    } else return;
    event.preventDefault();
  }

  return (
    <>
      <div className="flex items-center gap-2 border-b px-2.5">
        <Search aria-hidden size={14} className="shrink-0 text-ink-3" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the popover was opened to type here
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={shown[active] ? `${id}-${active}` : undefined}
          aria-label={placeholder}
          placeholder={placeholder}
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
        aria-label={placeholder}
        className="max-h-72 overflow-y-auto p-1"
      >
        {shown.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled where the focus is, in the input
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option.value === value}
            onClick={() => onChoose(option.value)}
            onPointerMove={() => setAt(index)}
            className={classNames(
              "flex min-h-8 items-center gap-2 rounded-sm px-2 text-sm",
              index === active && "bg-hover",
            )}
          >
            {option.icon}
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            {option.hint && <span className="text-xs text-ink-3 tabular">{option.hint}</span>}
            {option.value === value && <Check aria-hidden size={14} className="shrink-0 text-ink-2" />}
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="px-3 pt-1 pb-3 text-xs text-ink-3">{empty}</p>}
    </>
  );
}
