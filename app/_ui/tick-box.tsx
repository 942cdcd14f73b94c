"use client";
/**
 * A box to tick in rows that come and go while one scrolls, so nothing but a button; `mixed` where some of what it stands for
 * is ticked. Its area is larger than it looks.
 */
import { Check, Minus } from "lucide-react";
import { classNames } from "./class-names";

type Ticked = boolean | "mixed";

export function TickBox({
  ticked,
  label,
  tabIndex,
  onTick,
}: {
  ticked: Ticked;
  label: string;
  tabIndex?: 0 | -1;
  /** `isRange`: with Shift held, everything from the last one ticked to here is meant. */
  onTick: (ticked: boolean, isRange: boolean) => void;
}) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={ticked}
      aria-label={label}
      tabIndex={tabIndex}
      onClick={(event) => onTick(ticked !== true, event.shiftKey)}
      className="relative z-10 inline-flex size-4 rounded-sm before:absolute before:-inset-3"
    >
      <TickMark ticked={ticked} />
    </button>
  );
}

/** The box as it is drawn, for what is ticked as a whole. */
export function TickMark({ ticked }: { ticked: Ticked }) {
  return (
    <span
      aria-hidden
      className={classNames(
        "inline-flex size-4 shrink-0 items-center justify-center rounded-sm border text-on-solid",
        ticked ? "border-solid bg-solid" : "border-line-strong bg-raised",
      )}
    >
      {ticked === true && <Check size={12} strokeWidth={3} />}
      {ticked === "mixed" && <Minus size={12} strokeWidth={3} />}
    </span>
  );
}
