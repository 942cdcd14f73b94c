"use client";
/** Which columns the list has, and in which order. Loaded when it is first wanted. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { executionsTexts } from "@/lib/client/texts/executions";
import { Button } from "../_ui/button";
import { Checkbox } from "../_ui/checkbox";
import { TickMark } from "../_ui/tick-box";
import {
  COLUMN_NAMES,
  type ColumnName,
  DEFAULT_COLUMNS,
  FIXED_COLUMN,
  moveColumn,
  withColumn,
  writeColumns,
} from "./columns";

const words = executionsTexts.columns;
const moveClass =
  "inline-flex size-6 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink disabled:opacity-30";

export default function ColumnPicker({
  columns,
  onChange,
}: {
  columns: readonly ColumnName[];
  onChange: (columns: readonly ColumnName[]) => void;
}) {
  const hidden = COLUMN_NAMES.filter((name) => !columns.includes(name));
  return (
    <div className="flex min-h-0 flex-col">
      <ul className="min-h-0 overflow-y-auto p-1.5">
        {columns.map((name, index) => (
          <li key={name} className="flex h-8 items-center gap-2 rounded-sm pr-1 pl-1.5 hover:bg-hover">
            <Shown name={name} columns={columns} onChange={onChange} />
            <button
              type="button"
              aria-label={words.up(words.names[name])}
              disabled={index === 0}
              onClick={() => onChange(moveColumn(columns, name, -1))}
              className={moveClass}
            >
              <ArrowUp aria-hidden size={13} />
            </button>
            <button
              type="button"
              aria-label={words.down(words.names[name])}
              disabled={index === columns.length - 1}
              onClick={() => onChange(moveColumn(columns, name, 1))}
              className={moveClass}
            >
              <ArrowDown aria-hidden size={13} />
            </button>
          </li>
        ))}
        {hidden.map((name) => (
          <li key={name} className="flex h-8 items-center gap-2 rounded-sm pr-1 pl-1.5 hover:bg-hover">
            <Shown name={name} columns={columns} onChange={onChange} />
          </li>
        ))}
      </ul>
      <div className="flex items-center justify-between gap-3 border-t px-3 py-2">
        <p className="text-2xs text-ink-3">{words.hint}</p>
        <Button
          variant="ghost"
          size="sm"
          disabled={writeColumns(columns) === null}
          onClick={() => onChange(DEFAULT_COLUMNS)}
        >
          {words.reset}
        </Button>
      </div>
    </div>
  );
}

function Shown({
  name,
  columns,
  onChange,
}: {
  name: ColumnName;
  columns: readonly ColumnName[];
  onChange: (columns: readonly ColumnName[]) => void;
}) {
  const isFixed = name === FIXED_COLUMN;
  const isShown = columns.includes(name);
  return (
    <>
      {isFixed ? (
        <span className="inline-flex opacity-40">
          <TickMark ticked />
        </span>
      ) : (
        <Checkbox
          checked={isShown}
          label={words.show(words.names[name])}
          onChange={(shown) => onChange(shown ? withColumn(columns, name) : columns.filter((other) => other !== name))}
        />
      )}
      <span className={isShown ? "flex-1 text-sm" : "flex-1 text-sm text-ink-2"}>{words.names[name]}</span>
    </>
  );
}
