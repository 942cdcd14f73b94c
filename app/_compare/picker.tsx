"use client";
/** Chooses what to compare with: from the list of the workflow's executions, or any by its id or key. */
import { type FormEvent, useDeferredValue, useState } from "react";
import { findExecution, useCandidates } from "@/lib/client/compare";
import { texts } from "@/lib/client/texts";
import { compareTexts } from "@/lib/client/texts/compare";
import type { Execution } from "@/lib/contract/executions";
import { Button } from "../_ui/button";
import { Dialog } from "../_ui/dialog";
import { Field, Input } from "../_ui/field";
import { Status } from "../_ui/status";
import { RelativeTime } from "../_ui/time";

const words = compareTexts.picker;

interface PickerProps {
  execution: Execution;
  onPick: (id: string) => void;
}

export function Picker({
  open,
  onOpenChange,
  ...rest
}: PickerProps & { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={words.title} description={words.description} wide>
      <Candidates {...rest} />
    </Dialog>
  );
}

function Candidates({ execution, onPick }: PickerProps) {
  const [text, setText] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const wanted = useDeferredValue(text.trim());
  const found = useCandidates(execution.workflow, wanted, true);
  const items = found.data?.items.filter(({ id }) => id !== execution.id);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return;
    findExecution(text.trim()).then(({ id }) => onPick(id), setError);
  }

  return (
    <>
      <form onSubmit={submit} className="flex items-end gap-2 px-5 pt-4 pb-3">
        <div className="flex-1">
          <Field label={words.find} error={error && texts.errors.sentence(error)}>
            {(field) => (
              <Input
                {...field}
                value={text}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => {
                  setText(event.target.value);
                  setError(null);
                }}
              />
            )}
          </Field>
        </div>
        <Button type="submit" variant="solid" disabled={text.trim() === ""}>
          {words.go}
        </Button>
      </form>
      <ul aria-label={words.label} className="h-[360px] overflow-y-auto border-t py-1">
        {items?.map((item) => (
          <li key={item.id}>
            <button
              type="button"
              onClick={() => onPick(item.id)}
              className="flex h-10 w-full items-center gap-3 px-5 text-left focus-inset hover:bg-hover"
            >
              <span className="w-28 shrink-0">
                <Status status={item.status} />
              </span>
              <span className={`min-w-0 flex-1 truncate ${item.key ? "font-medium" : "font-mono text-xs"}`}>
                {item.key ?? item.id}
              </span>
              <span className="font-mono text-2xs text-ink-3">v{item.version}</span>
              <RelativeTime at={item.createdAt} className="text-xs whitespace-nowrap text-ink-3 tabular" />
            </button>
          </li>
        ))}
        {items?.length === 0 && <li className="px-5 py-4 text-xs text-ink-3">{words.empty}</li>}
      </ul>
    </>
  );
}
