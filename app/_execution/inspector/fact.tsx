/** Name and value, two columns; and the scrolling body of a tab. */
import type { ReactNode } from "react";
import { ScrollArea } from "../../_ui/scroll-area";

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-xs">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="leading-5 text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words leading-5 text-ink tabular">{children}</dd>
    </>
  );
}

export function TabBody({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ScrollArea label={label} className="flex flex-col gap-4 px-4 py-3">
      {children}
    </ScrollArea>
  );
}
