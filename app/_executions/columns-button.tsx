"use client";
/** Opens the choice of columns. */
import { Columns3 } from "lucide-react";
import { lazy, useState } from "react";
import { executionsTexts } from "@/lib/client/texts/executions";
import { Popover } from "../_ui/popover";
import type { ColumnName } from "./columns";

const words = executionsTexts.columns;
const loadPicker = () => import("./column-picker");
const ColumnPicker = lazy(loadPicker);

export function ColumnsButton(props: {
  columns: readonly ColumnName[];
  onChange: (columns: readonly ColumnName[]) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={words.label}
      align="end"
      className="max-h-[min(520px,var(--radix-popover-content-available-height))] w-72"
      trigger={
        <button
          type="button"
          aria-label={words.label}
          title={words.label}
          onPointerEnter={loadPicker}
          className="hidden size-7 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink data-[state=open]:bg-hover md:inline-flex"
        >
          <Columns3 aria-hidden size={15} />
        </button>
      }
    >
      <ColumnPicker {...props} />
    </Popover>
  );
}
