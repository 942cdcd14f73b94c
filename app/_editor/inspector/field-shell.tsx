"use client";
/** A field of a form: its label, what it is entered with, and what is said of it, with what would mend it. */
import { type ReactNode, useId } from "react";
import { texts } from "@/lib/client/texts";
import type { Path } from "@/lib/editor/document";
import { pointerOf } from "@/lib/editor/fields/place-at";
import { classNames } from "../../_ui/class-names";
import { FindingNotes } from "../findings/finding-notes";
import { useFindingsAt } from "./subject";

export interface Wired {
  readonly id: string;
  readonly "aria-invalid"?: true;
  readonly "aria-describedby"?: string;
}

export function FieldShell({
  label,
  path,
  hint,
  wrong,
  isOptional,
  isGroup = false,
  isLabelHidden,
  action,
  children,
}: {
  label: string;
  path: Path;
  hint?: string | null;
  /** Why what was typed is not written. */
  wrong?: string | null;
  isOptional?: boolean;
  /** What is said of what is inside it is said there. */
  isGroup?: boolean;
  /** The label is for ears alone. */
  isLabelHidden?: boolean;
  /** Stands beside the label. */
  action?: ReactNode;
  children: (wired: Wired) => ReactNode;
}) {
  const id = useId();
  const findings = useFindingsAt(path, isGroup);
  const hasError = Boolean(wrong) || findings.some(({ severity }) => severity === "error");
  const said = wrong ?? hint;
  return (
    <div data-path={pointerOf(path)} className="flex min-w-0 flex-col gap-1.5">
      <div className={classNames("flex min-h-4 items-baseline justify-between gap-2", isLabelHidden && "sr-only")}>
        <label htmlFor={id} className="min-w-0 truncate text-xs font-medium text-ink">
          {label}
        </label>
        {action ?? (isOptional && <span className="shrink-0 text-2xs text-ink-3">{texts.common.optional}</span>)}
      </div>
      {children({
        id,
        ...(hasError && { "aria-invalid": true as const }),
        ...(said && { "aria-describedby": `${id}-said` }),
      })}
      {said && (
        <p
          id={`${id}-said`}
          role={wrong ? "alert" : undefined}
          className={classNames("text-xs", wrong ? "text-danger" : "text-ink-3")}
        >
          {said}
        </p>
      )}
      <FindingNotes findings={findings} />
    </div>
  );
}
