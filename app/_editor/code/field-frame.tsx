"use client";
/** What stands around the text of a field: its label, whether it may be left out, and the line below. */
import type { ReactNode } from "react";
import { classNames } from "../../_ui/class-names";
import { FieldLine, type Said } from "./field-line";

interface FieldFrameProps {
  /** Of the text. */
  textId: string;
  saidId: string;
  label: string;
  isLabelHidden?: boolean | undefined;
  optional?: string | undefined;
  isInvalid: boolean;
  said: Said | null;
  hint?: ReactNode;
  /** Of the box around the text. */
  className: string | undefined;
  onLabel: () => void;
  children: ReactNode;
}

export function FieldFrame(props: FieldFrameProps) {
  const { textId, saidId, label, isLabelHidden, optional, isInvalid, said, hint, className, onLabel, children } = props;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <div className={classNames("flex items-baseline justify-between", isLabelHidden && "sr-only")}>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: whoever has no pointer is in the field itself */}
        <label htmlFor={textId} className="text-xs font-medium text-ink" onClick={onLabel}>
          {label}
        </label>
        {optional && <span className="text-2xs text-ink-3">{optional}</span>}
      </div>
      <div
        className={classNames(
          "flex min-w-0 rounded-md border bg-raised transition-colors focus-within:border-accent focus-within:outline-1 focus-within:outline-accent",
          isInvalid ? "border-danger" : "border-line-strong hover:border-ink-3",
          className,
        )}
      >
        {children}
      </div>
      <FieldLine id={saidId} said={said} hint={hint} />
    </div>
  );
}
