"use client";
/** Opens the choice of columns. */
import { Columns3 } from "lucide-react";
import { Popover } from "radix-ui";
import { lazy, Suspense } from "react";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { ColumnName } from "./columns";

const words = executionsTexts.columns;
const loadPicker = () => import("./column-picker");
const ColumnPicker = lazy(loadPicker);

export function ColumnsButton(props: {
  columns: readonly ColumnName[];
  onChange: (columns: readonly ColumnName[]) => void;
}) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={words.label}
        title={words.label}
        onPointerEnter={loadPicker}
        className="hidden size-7 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink data-[state=open]:bg-hover md:inline-flex"
      >
        <Columns3 aria-hidden size={15} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={words.label}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 flex max-h-[min(520px,var(--radix-popover-content-available-height))] w-72 animate-fade flex-col overflow-hidden rounded-lg bg-raised shadow-float focus:outline-none"
        >
          <Suspense fallback={<div className="h-40" />}>
            <ColumnPicker {...props} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
