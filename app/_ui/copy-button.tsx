"use client";
/** Copies a text and shows a tick for a moment; says so to screen readers. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { texts } from "@/lib/client/texts";
import { classNames } from "./class-names";

export function CopyButton({
  value,
  label,
  className,
  tabIndex,
}: {
  value: string;
  label: string;
  className?: string;
  tabIndex?: 0 | -1;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      aria-label={copied ? texts.common.copied : label}
      title={label}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.preventDefault();
        event.stopPropagation();
        navigator.clipboard?.writeText(value).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
      className={classNames(
        "inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-3 transition-colors hover:bg-active hover:text-ink",
        className,
      )}
    >
      {copied ? <Check aria-hidden size={13} /> : <Copy aria-hidden size={13} />}
    </button>
  );
}
