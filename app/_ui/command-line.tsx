"use client";
/** A shell command that can be copied whole. */
import { texts } from "@/lib/client/texts";
import { CopyButton } from "./copy-button";

export function CommandLine({ command }: { command: string }) {
  return (
    <div className="flex w-full items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3 text-left">
      <span aria-hidden className="select-none font-mono text-xs text-ink-3">
        $
      </span>
      <code className="min-w-0 flex-1 overflow-x-auto whitespace-nowrap font-mono text-xs text-ink">{command}</code>
      <CopyButton value={command} label={texts.common.copyCommand} />
    </div>
  );
}
