"use client";
/** Fields that belong together, folded away while nothing is written in them. */
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { Path } from "@/lib/editor/document";
import { pointerOf } from "@/lib/editor/fields/place-at";
import { classNames } from "../../_ui/class-names";
import { useWantedField } from "./focus-field";
import { useCountAt, useSubject } from "./subject";

export function Section({
  title,
  summary,
  paths,
  isOpenFirst,
  isGroup,
  action,
  children,
}: {
  title: string;
  /** What holds in it, in a word; shown while it is folded, too. */
  summary?: string | undefined;
  /** Of the fields in it. */
  paths: readonly Path[];
  isOpenFirst: boolean;
  /** One of the groups that a form is made of. */
  isGroup?: boolean;
  action?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  const wanted = useWantedField(useSubject().key);
  const [open, setOpen] = useState(isOpenFirst);
  const [seen, setSeen] = useState(wanted);
  const findings = useCountAt(paths);
  if (wanted !== seen) {
    setSeen(wanted);
    const places = paths.map(pointerOf);
    if (wanted !== null && places.some((at) => `${wanted.pointer}/`.startsWith(`${at}/`))) setOpen(true);
  }
  return (
    <div className={classNames("flex min-w-0 flex-col", isGroup && "border-t")}>
      <div className={classNames("flex items-center gap-1", isGroup && "pr-3")}>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className={classNames(
            "flex min-w-0 flex-1 items-center gap-1.5 text-left focus-inset",
            isGroup ? "h-9 px-3" : "h-7 rounded-sm",
          )}
        >
          <ChevronRight aria-hidden size={12} className={classNames("shrink-0 text-ink-3", open && "rotate-90")} />
          <span className={classNames("shrink-0 text-xs", isGroup ? "font-semibold" : "font-medium")}>{title}</span>
          {findings > 0 && (
            <span className="shrink-0 rounded-sm bg-active px-1 text-2xs text-ink-2 tabular">{findings}</span>
          )}
          {summary && <span className="min-w-0 flex-1 truncate text-right text-2xs text-ink-3">{summary}</span>}
        </button>
        {action}
      </div>
      <div
        id={id}
        hidden={!open}
        className={classNames(
          "flex-col gap-3",
          open && "flex",
          isGroup ? "px-4 pb-4" : "ml-[5px] border-l pt-1.5 pb-1 pl-3.5",
        )}
      >
        {open && children}
      </div>
    </div>
  );
}
