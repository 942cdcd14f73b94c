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
      <code
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
        tabIndex={0}
        className="min-w-0 flex-1 overflow-x-auto rounded-sm whitespace-nowrap font-mono text-xs text-ink focus-inset"
      >
        {command}
      </code>
      <CopyButton value={command} label={texts.common.copyCommand} />
    </div>
  );
}
