"use client";
/** Starts an execution: which workflow and version, with what input, under which name. One opening starts at most one. */
import { ChevronDown, ChevronsUpDown } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { ApiError } from "@/lib/client/api";
import { useStartExecution, useWorkflow, useWorkflows, useWorkflowVersion } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { startTexts } from "@/lib/client/texts/executions";
import type { StartExecution } from "@/lib/contract/executions";
import type { JsonValue } from "@/lib/contract/json";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { Combobox } from "../_ui/combobox";
import { Dialog } from "../_ui/dialog";
import { Field, Input, inputClass } from "../_ui/field";
import { toast } from "../_ui/toast";
import { fieldInstant } from "./ranges";
import { InputFields, useStartInput } from "./start-input";

const words = startTexts;

export function StartDialog({
  open,
  onOpenChange,
  workflow,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Chosen beforehand. */
  workflow?: string;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={words.title} description={words.description} wide>
      <StartForm initialWorkflow={workflow ?? null} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function StartForm({ initialWorkflow, onDone }: { initialWorkflow: string | null; onDone: () => void }) {
  const router = useRouter();
  const workflows = useWorkflows();
  const only = workflows.data?.items.length === 1 ? (workflows.data.items[0]?.name ?? null) : null;
  const [chosen, setChosen] = useState(initialWorkflow);
  const workflow = chosen ?? only;
  const detail = useWorkflow(workflow);
  const [version, setVersion] = useState<number | null>(null);
  const versionNumber = version ?? detail.data?.version;
  const definition = useWorkflowVersion(workflow ?? undefined, versionNumber).data?.definition;
  const input = useStartInput(definition?.inputSchema as JsonValue | undefined);
  const [wasTried, setTried] = useState(false);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const start = useStartExecution();

  function choose(name: string | null, chosenVersion: number | null) {
    setChosen(name);
    setVersion(chosenVersion);
    setTried(false);
    input.reset();
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setTried(true);
    if (!workflow || !input.value.ok || !input.fits) return;
    const given = givenWith(new FormData(event.currentTarget));
    const body = { workflow, version: version ?? undefined, input: input.value.value, ...given };
    start.mutate(
      { idempotencyKey, ...body },
      {
        onSuccess: (execution) => {
          toast.done(words.started);
          onDone();
          router.push(`/executions/${execution.id}`);
        },
      },
    );
  }

  return (
    <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
        <div className="grid grid-cols-[1fr_132px] gap-3">
          <Field label={words.workflow} error={workflows.data?.items.length === 0 ? words.noWorkflows : null}>
            {(field) => (
              <Combobox
                options={(workflows.data?.items ?? []).map(({ name, version: latest }) => ({
                  value: name,
                  label: name,
                  hint: `v${latest}`,
                }))}
                value={workflow}
                onChange={(name) => choose(name, null)}
                placeholder={texts.executions.findWorkflow}
                empty={texts.start.noWorkflowMatches}
                matchWidth
                trigger={
                  <button
                    type="button"
                    {...field}
                    className={classNames(inputClass, "flex items-center justify-between gap-2 text-left")}
                  >
                    <span className={classNames("truncate", !workflow && "text-ink-3")}>
                      {workflow ?? texts.start.chooseWorkflow}
                    </span>
                    <ChevronsUpDown aria-hidden size={13} className="shrink-0 text-ink-3" />
                  </button>
                }
              />
            )}
          </Field>
          <Field label={words.version}>
            {(field) => (
              <select
                {...field}
                disabled={!detail.data}
                value={versionNumber ?? ""}
                onChange={(event) => choose(workflow, Number(event.target.value))}
                className={classNames(inputClass, "disabled:opacity-60")}
              >
                {detail.data?.versions.map((each) => (
                  <option key={each.version} value={each.version}>
                    {each.version === detail.data.version ? words.latest(each.version) : `v${each.version}`}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <InputFields input={input} showErrors={wasTried} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={words.key} hint={words.keyHint} optional={texts.common.optional}>
            {(field) => <Input {...field} name="key" maxLength={256} autoComplete="off" />}
          </Field>
          <Field label={words.tags} hint={words.tagsHint} optional={texts.common.optional}>
            {(field) => <Input {...field} name="tags" autoComplete="off" />}
          </Field>
        </div>
        <MoreFields />
        {start.error && <Refusal error={start.error} />}
      </div>
      <div className="flex justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" onClick={onDone}>
          {texts.common.cancel}
        </Button>
        <Button type="submit" variant="solid" busy={start.isPending} disabled={!workflow || !input.value.ok}>
          {words.submit}
        </Button>
      </div>
    </form>
  );
}

function MoreFields() {
  return (
    <details className="group">
      <summary className="inline-flex h-7 list-none items-center gap-1.5 rounded-md pr-2 text-xs text-ink-2 hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronDown aria-hidden size={13} className="-rotate-90 group-open:rotate-0" />
        {words.more}
      </summary>
      <div className="grid gap-4 pt-3 sm:grid-cols-3">
        <Field label={words.startAt} hint={words.startAtHint}>
          {(field) => <Input {...field} name="startAt" type="datetime-local" />}
        </Field>
        <Field label={words.priority} hint={words.priorityHint}>
          {(field) => <Input {...field} name="priority" type="number" min={-100} max={100} step={1} />}
        </Field>
        <Field label={words.correlationId} hint={words.correlationHint}>
          {(field) => <Input {...field} name="correlationId" maxLength={256} autoComplete="off" />}
        </Field>
      </div>
    </details>
  );
}

/** What the plain fields say; empty ones say nothing. */
function givenWith(data: FormData): Partial<StartExecution> {
  const text = (name: string) => String(data.get(name) ?? "").trim() || undefined;
  const tags = (text("tags") ?? "").split(",").flatMap((tag) => tag.trim() || []);
  const priority = text("priority");
  return {
    key: text("key"),
    tags: tags.length > 0 ? tags : undefined,
    startAt: fieldInstant(text("startAt") ?? ""),
    priority: priority === undefined ? undefined : Number(priority),
    correlationId: text("correlationId"),
  };
}

function Refusal({ error }: { error: Error }) {
  return (
    <div role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
      <p>{texts.errors.sentence(error)}</p>
      {error instanceof ApiError &&
        error.errors?.map((each) => (
          <p key={`${each.path}${each.code}`} className="mt-1 font-mono text-2xs">
            {each.path} {each.message}
          </p>
        ))}
    </div>
  );
}
