"use client";
/** Cancels after saying what that does, and what would be undone. The reason stands in the history. */
import { useId, useState } from "react";
import { useControl } from "@/lib/client/controls";
import { actionTexts } from "@/lib/client/texts/actions";
import type { Execution } from "@/lib/contract/executions";
import { isOpenStep } from "@/lib/core/execution/statuses";
import { Checkbox } from "../_ui/checkbox";
import { toast } from "../_ui/toast";
import { ActionDialog, ReasonField, reasonOf, useIdempotencyKey } from "./actions/action-dialog";
import type { Snapshot } from "./execution-feed";
import { stepKey } from "./timeline-model";

const words = actionTexts.cancel;
const LISTED = 50;

export function CancelDialog({
  execution,
  snapshot,
  onClose,
}: {
  execution: Execution;
  snapshot: Snapshot;
  onClose: () => void;
}) {
  const control = useControl(execution.id);
  const idempotencyKey = useIdempotencyKey();
  const [undo, setUndo] = useState(false);
  return (
    <ActionDialog
      title={words.title}
      description={words.description(execution.steps.filter(isOpenStep).length)}
      submit={words.submit}
      keep={words.keep}
      danger
      busy={control.isPending}
      error={control.error}
      onClose={onClose}
      onSubmit={(fields) =>
        control.mutate(
          { verb: "cancel", body: { ...reasonOf(fields), ...(undo && { compensate: true }) }, idempotencyKey },
          {
            onSuccess: ({ status }) => {
              toast.done(status === "compensating" ? words.undoing : words.done);
              onClose();
            },
          },
        )
      }
    >
      <ReasonField />
      <Undo snapshot={snapshot} undo={undo} onChange={setUndo} />
    </ActionDialog>
  );
}

/** The folded state tells which steps have a compensation that has not run. */
function Undo({
  snapshot: { state },
  undo,
  onChange,
}: {
  snapshot: Snapshot;
  undo: boolean;
  onChange: (undo: boolean) => void;
}) {
  const id = useId();
  const steps = state?.compensations.filter(({ status }) => status === "pending").reverse();
  if (steps?.length === 0) return <p className="text-xs text-ink-3">{words.undoNone}</p>;
  return (
    <div className="flex items-start gap-2">
      <Checkbox id={id} checked={undo} onChange={onChange} className="mt-0.5" />
      <div className="flex min-w-0 flex-col gap-1">
        <label htmlFor={id}>{words.undo}</label>
        <p className="text-xs text-ink-3">{steps === undefined ? words.undoUnknown : words.undoWould(steps.length)}</p>
        {steps && (
          <ol className="flex flex-wrap gap-1">
            {steps.slice(0, LISTED).map((step) => (
              <li
                key={stepKey({ ...step, index: step.index && [...step.index] })}
                className="rounded-sm bg-active px-1.5 font-mono text-2xs leading-5 text-ink-2"
              >
                {stepKey({ ...step, index: step.index && [...step.index] })}
              </li>
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}
