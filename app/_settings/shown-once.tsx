"use client";
/** A secret that is shown this once: read, copied, and gone. */
import { CopyButton } from "../_ui/copy-button";

export function ShownOnce({ value, label }: { value: string; label: string }) {
  return (
    <div className="flex items-center gap-2 rounded-md border bg-sunken py-1 pr-1 pl-3">
      <code className="min-w-0 flex-1 overflow-x-auto py-1 text-xs whitespace-nowrap select-all">{value}</code>
      <CopyButton value={value} label={label} />
    </div>
  );
}
