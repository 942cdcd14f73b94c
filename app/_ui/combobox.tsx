"use client";
/** A button that opens a searchable list: typing narrows it, arrows move, Enter chooses, Escape leaves. */
import { useState } from "react";
import { type Choice, Choices } from "./choices";
import type { TriggerElement } from "./on-demand";
import { Popover } from "./popover";

export function Combobox({
  options,
  value,
  onChange,
  trigger,
  placeholder,
  empty,
  matchWidth,
}: {
  options: readonly Choice<string>[];
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
      <div className="flex max-h-80 flex-col">
        <Choices
          label={placeholder}
          empty={empty}
          choices={options}
          chosen={value === null ? [] : [value]}
          onChoose={(chosen) => {
            setOpen(false);
            onChange(chosen);
          }}
        />
      </div>
    </Popover>
  );
}
