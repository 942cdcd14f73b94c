"use client";
/** Retries: shows the server's plan for what failed, or for a step and all after it, and then does just that. */
import { ChevronsUpDown } from "lucide-react";
import { useId, useState } from "react";
import { useControl, usePlan } from "@/lib/client/controls";
import { actionTexts } from "@/lib/client/texts/actions";
import type { RetryExecution } from "@/lib/contract/controls";
import type { Execution } from "@/lib/contract/executions";
import { isQuarantined } from "@/lib/core/execution/statuses";
import { Button } from "../../_ui/button";
import { Combobox } from "../../_ui/combobox";
import { Skeleton } from "../../_ui/skeleton";
import { StatusIcon } from "../../_ui/status";
import { toast } from "../../_ui/toast";
import type { Snapshot } from "../execution-feed";
import { ActionDialog, ReasonField, reasonOf, useIdempotencyKey } from "./action-dialog";
import { JsonText } from "./json-text";
import { PlanView } from "./plan-view";
import { useSettled } from "./use-settled";
import { type EditedValue, useEditedValue } from "./value-text";

const words = actionTexts.retry;

export function RetryDialog({
  execution,
  snapshot,
  fromNode,
  onClose,
}: {
  execution: Execution;
  snapshot: Snapshot;
  /** Null: what failed goes on. */
  fromNode: string | null;
  onClose: () => void;
}) {
  const { state, timeline } = snapshot;
  const [isFrom, setIsFrom] = useState(fromNode !== null);
  const [node, setNode] = useState(fromNode);
  const input = useEditedValue(execution.id, timeline.input ?? { json: execution.input });
  const control = useControl(execution.id);
  const idempotencyKey = useIdempotencyKey();
  const body = bodyOf(isFrom ? node : null, isFrom ? input : null);
  const isReady = (!isFrom || node !== null) && body !== null;
  const settled = useSettled(isReady ? body : null);
  const plan = usePlan(execution.id, settled && { verb: "retry", body: settled });
  const steps = (state?.root.steps ?? []).filter(({ startedAt }) => startedAt !== null);
  const quarantined = isQuarantined(execution);
  return (
    <ActionDialog
      wide
      title={quarantined ? words.quarantined : words.title}
      description={words.description}
      submit={isFrom ? words.submitFrom : words.submit}
      busy={control.isPending}
      blocked={!isReady || plan.data === undefined || plan.isError || plan.isPlaceholderData || settled !== body}
      error={control.error}
      onClose={onClose}
      onSubmit={(fields) =>
        control.mutate(
          { verb: "retry", body: { ...body, ...reasonOf(fields) }, idempotencyKey },
          {
            onSuccess: () => {
              toast.done(words.done);
              onClose();
            },
          },
        )
      }
    >
      {!quarantined && steps.length > 0 && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 text-xs font-medium">{words.how}</legend>
          <Choice name={words.failed} hint={words.failedHint} isChosen={!isFrom} onChoose={() => setIsFrom(false)} />
          <Choice name={words.from} hint={words.fromHint} isChosen={isFrom} onChoose={() => setIsFrom(true)} />
        </fieldset>
      )}
      {isFrom && (
        <div className="flex flex-col gap-1.5">
          <span className="text-xs font-medium">{words.step}</span>
          <Combobox
            matchWidth
            options={steps.map((step) => ({
              value: step.node,
              label: step.node,
              icon: <StatusIcon status={step.status} size={13} />,
            }))}
            value={node}
            onChange={setNode}
            placeholder={words.findStep}
            empty={words.noStep}
            trigger={
              <button
                type="button"
                aria-label={`${words.step}: ${node ?? words.chooseStep}`}
                className="flex h-8 w-full items-center justify-between rounded-md border border-line-strong px-2.5 text-left hover:border-ink-3"
              >
                <span className={node === null ? "text-ink-3" : "font-mono text-xs"}>{node ?? words.chooseStep}</span>
                <ChevronsUpDown aria-hidden size={14} className="text-ink-3" />
              </button>
            }
          />
        </div>
      )}
      {isFrom && <EditedInput input={input} edit={words.editInput} label={words.input} hint={words.inputHint} />}
      <PlanView plan={plan} isKnown={(step) => (timeline.byKey.get(step)?.attempts.length ?? 0) > 0} />
      <ReasonField />
    </ActionDialog>
  );
}

/** Null: the input is no JSON, or has not come yet. */
function bodyOf(fromNode: string | null, input: EditedValue | null): RetryExecution | null {
  if (fromNode === null) return {};
  if (!input?.isEdited) return { fromNode };
  return input.parsed.ok && !input.isLoading ? { fromNode, input: input.parsed.value } : null;
}

function Choice({
  name,
  hint,
  isChosen,
  onChoose,
}: {
  name: string;
  hint: string;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="radio"
        name="what"
        checked={isChosen}
        onChange={onChoose}
        aria-describedby={`${id}-hint`}
        className="mt-[3px] size-3.5 accent-solid"
      />
      <div className="flex flex-col">
        <label htmlFor={id}>{name}</label>
        <span id={`${id}-hint`} className="text-xs text-ink-3">
          {hint}
        </span>
      </div>
    </div>
  );
}

export function EditedInput({
  input,
  edit,
  label,
  hint,
}: {
  input: EditedValue;
  edit: string;
  label: string;
  hint: string;
}) {
  if (!input.isEdited)
    return (
      <Button size="sm" className="self-start" onClick={input.begin}>
        {edit}
      </Button>
    );
  if (input.isLoading) return <Skeleton className="h-32 w-full" />;
  return <JsonText label={label} hint={hint} text={input.text} onChange={input.change} rows={8} />;
}
