"use client";
/** A box to tick; `mixed` where some of what it stands for is ticked. */
import { Check, Minus } from "lucide-react";
import { Checkbox as Primitive } from "radix-ui";
import { classNames } from "./class-names";
import { useIsDrawn } from "./is-drawn";

const boxClass =
  "inline-flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-raised text-on-solid";

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
  // It begins with an input that has inline styles, which no document of ours may bring along.
  if (!useIsDrawn()) return <span className={classNames(boxClass, className)} />;
  return (
    <Primitive.Root
      id={id}
      checked={checked === "mixed" ? "indeterminate" : checked}
      aria-label={label}
      onClick={(event) => {
        event.stopPropagation();
        onChange(checked !== true, event.shiftKey);
      }}
      className={classNames(
        boxClass,
        "hover:border-ink-3 data-[state=checked]:border-solid data-[state=checked]:bg-solid data-[state=indeterminate]:border-solid data-[state=indeterminate]:bg-solid",
        className,
      )}
    >
      <Primitive.Indicator>
        {checked === "mixed" ? (
          <Minus aria-hidden size={12} strokeWidth={3} />
        ) : (
          <Check aria-hidden size={12} strokeWidth={3} />
        )}
      </Primitive.Indicator>
    </Primitive.Root>
  );
}
