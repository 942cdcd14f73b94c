"use client";
/** A box to tick; `mixed` where some of what it stands for is ticked. */
import { Check, Minus } from "lucide-react";
import { classNames } from "./class-names";

const boxClass = "inline-flex size-4 shrink-0 items-center justify-center rounded-sm border text-on-solid";

export function Checkbox({
  checked,
  onChange,
  label,
  className,
  id,
}: {
  checked: boolean | "mixed";
  /** `range`: with Shift held, everything from the last one ticked to here is meant. */
  onChange: (checked: boolean, range: boolean) => void;
  /** Left out where a label stands beside it; then `id` is what that names. */
  label?: string;
  className?: string;
  id?: string;
}) {
  return (
    <button
      type="button"
      role="checkbox"
      id={id}
      aria-checked={checked}
      aria-label={label}
      onClick={(event) => {
        event.stopPropagation();
        onChange(checked !== true, event.shiftKey);
      }}
      className={classNames(
        boxClass,
        checked ? "border-solid bg-solid" : "border-line-strong bg-raised hover:border-ink-3",
        className,
      )}
    >
      {checked === "mixed" ? (
        <Minus aria-hidden size={12} strokeWidth={3} />
      ) : (
        checked && <Check aria-hidden size={12} strokeWidth={3} />
      )}
    </button>
  );
}
