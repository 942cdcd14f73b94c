"use client";
/** Tabs inside a room or a panel: one of a few views of the same thing; arrows walk them. */
import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { useIsDrawn } from "./is-drawn";

export interface Tab<Name extends string> {
  name: Name;
  title: string;
  /** How many there are of what it holds. */
  count?: number | undefined;
  content: ReactNode;
}

export function Tabs<Name extends string>({
  label,
  tabs,
  open,
  onOpen,
  className,
}: {
  label: string;
  tabs: readonly Tab<Name>[];
  open: Name;
  onOpen: (name: Name) => void;
  className?: string;
}) {
  // The list has inline styles, which no document of ours may bring along: scripts alone may set them.
  if (!useIsDrawn()) return <div className="h-10 shrink-0 border-b" />;
  return (
    <Primitive.Root
      value={open}
      onValueChange={(name) => onOpen(name as Name)}
      className={classNames("flex min-h-0 flex-1 flex-col", className)}
    >
      <Primitive.List aria-label={label} className="flex h-10 shrink-0 gap-1 overflow-x-auto border-b px-3 md:px-5">
        {tabs.map(({ name, title, count }) => (
          <Primitive.Trigger
            key={name}
            value={name}
            className="inline-flex shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2 text-xs font-medium text-ink-2 focus-inset hover:text-ink data-[state=active]:border-ink data-[state=active]:text-ink"
          >
            {title}
            {count !== undefined && <span className="text-2xs text-ink-3 tabular">{count}</span>}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map(({ name, content }) => (
        <Primitive.Content key={name} value={name} className="flex min-h-0 flex-1 flex-col focus-inset">
          {content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
