"use client";
/** One of the first steps: done is a line with a tick, the current one is open, those after it are titles. */
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { overviewTexts } from "@/lib/client/texts/overview";
import { classNames } from "../_ui/class-names";

const words = overviewTexts.first;

export function FirstStepCard({
  number,
  title,
  state,
  done,
  children,
}: {
  number: number;
  title: string;
  state: "done" | "current" | "later";
  /** Stands beside the title of a done one. */
  done?: string;
  children: ReactNode;
}) {
  return (
    <li aria-current={state === "current" ? "step" : undefined} className="group flex gap-3">
      <div className="flex flex-col items-center">
        <span
          data-status="completed"
          className={classNames(
            "inline-flex size-6 shrink-0 items-center justify-center rounded-full text-xs font-medium tabular",
            state === "done" && "bg-tone-tint text-tone",
            state === "current" && "bg-solid text-on-solid",
            state === "later" && "border border-line-strong text-ink-3",
          )}
        >
          {state === "done" ? <Check aria-label={words.done} size={13} strokeWidth={2.5} /> : number}
        </span>
        <span aria-hidden className="my-1 w-px flex-1 bg-line group-last:hidden" />
      </div>
      <div className={classNames("min-w-0 flex-1", state === "current" ? "pb-8" : "pb-5")}>
        <div className="flex min-h-6 flex-wrap items-center gap-x-3">
          <h2 className={classNames("text-base font-semibold", state === "later" && "text-ink-3")}>{title}</h2>
          {state === "done" && done && (
            <span role="status" data-status="completed" className="text-xs text-tone">
              {done}
            </span>
          )}
        </div>
        {state === "current" && <div className="mt-1 flex flex-col items-start gap-3">{children}</div>}
      </div>
    </li>
  );
}
