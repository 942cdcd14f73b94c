"use client";
/** Which time and which workflow the statistics are about. */
import { ChevronDown } from "lucide-react";
import { STATS_WINDOWS } from "@/lib/client/overview-model";
import { useWorkflows } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { overviewTexts } from "@/lib/client/texts/overview";
import { classNames } from "../_ui/class-names";
import { Combobox } from "../_ui/combobox";
import { useIsDrawn } from "../_ui/is-drawn";
import { Segments } from "../_ui/segments";
import { Skeleton } from "../_ui/skeleton";
import type { Range } from "./use-range";

const words = overviewTexts.flow;
/** No workflow has an empty name. */
const ALL = "";

export function RangeBar({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  const workflows = useWorkflows();
  // It has an inline style, which no document of ours may bring along.
  const isDrawn = useIsDrawn();
  const names = (workflows.data?.items ?? []).map(({ name }) => ({ value: name, label: name }));
  return (
    <div className="flex items-center gap-2">
      <Combobox
        options={[{ value: ALL, label: words.allWorkflows }, ...names]}
        value={range.workflow ?? ALL}
        onChange={(name) => onChange({ ...range, workflow: name === ALL ? null : name })}
        placeholder={texts.executions.findWorkflow}
        empty={texts.start.noWorkflowMatches}
        trigger={
          <button
            type="button"
            className={classNames(
              "inline-flex h-7 max-w-48 items-center gap-1.5 rounded-md border px-2 text-xs hover:bg-hover data-[state=open]:bg-hover",
              range.workflow ? "border-line-strong text-ink" : "border-dashed border-line-strong text-ink-2",
            )}
          >
            <span className="min-w-0 truncate">
              <span className="text-ink-3">{words.workflow} </span>
              {range.workflow && <span className="font-medium">{range.workflow}</span>}
            </span>
            <ChevronDown aria-hidden size={12} className="shrink-0 text-ink-3" />
          </button>
        }
      />
      {isDrawn ? (
        <Segments
          label={words.window}
          value={range.window}
          options={STATS_WINDOWS.map((window) => ({ value: window, name: words.windows[window].name }))}
          onChange={(window) => onChange({ ...range, window })}
        />
      ) : (
        <Skeleton className="h-[30px] w-44" />
      )}
    </div>
  );
}
