"use client";
/** What scrolls inside the frame: a named region that keys can reach, for without a focus they could not scroll it. */
import type { ComponentProps } from "react";
import { classNames } from "./class-names";

export function ScrollArea({ label, className, ...rest }: ComponentProps<"section"> & { label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
      tabIndex={0}
      className={classNames("min-h-0 flex-1 overflow-y-auto focus-inset", className)}
      {...rest}
    />
  );
}
