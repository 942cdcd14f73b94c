"use client";
/** Starts an execution: which workflow and version, with what input, under which name. One opening starts at most one. */
import { ChevronsUpDown } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { ApiError } from "@/lib/client/api";
import { expectedFields, inputTemplate, missingFields, parseInput } from "@/lib/client/input-check";
import { useStartExecution, useWorkflow, useWorkflows, useWorkflowVersion } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import type { JsonValue } from "@/lib/contract/json";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { Combobox } from "../_ui/combobox";
import { Dialog } from "../_ui/dialog";
import { Field, Input, inputClass } from "../_ui/field";
import { toast } from "../_ui/toast";

const words = texts.start;

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
  const schema = definition?.inputSchema as JsonValue | undefined;

  const [text, setText] = useState<string | null>(null);
  const shown = text ?? inputTemplate(schema);
  const parsed = parseInput(shown);
  const missing = parsed.ok ? missingFields(schema, parsed.value) : [];
  const expected = expectedFields(schema);

  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const start = useStartExecution();
  const refused = start.error instanceof ApiError ? start.error : null;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!workflow || !parsed.ok) return;
    const data = new FormData(event.currentTarget);
    const key = String(data.get("key")).trim();
    const tags = String(data.get("tags"))
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean);
    start.mutate(
      {
        idempotencyKey,
        workflow,
        version: version ?? undefined,
        input: parsed.value,
        key: key || undefined,
        tags: tags.length > 0 ? tags : undefined,
      },
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
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
        <div className="grid grid-cols-[1fr_132px] gap-3">
          <Field label={words.workflow} error={workflows.data?.items.length === 0 ? words.noWorkflows : null}>
            {(field) => (
              <Combobox
                options={(workflows.data?.items ?? []).map(({ name, version }) => ({
                  value: name,
                  label: name,
                  hint: `v${version}`,
                }))}
                value={workflow}
                onChange={(name) => {
                  setChosen(name);
                  setVersion(null);
                  setText(null);
                }}
                placeholder={texts.executions.findWorkflow}
                empty={words.noWorkflowMatches}
                matchWidth
                trigger={
                  <button
                    type="button"
                    {...field}
                    className={classNames(inputClass, "flex items-center justify-between gap-2 text-left")}
                  >
                    <span className={classNames("truncate", !workflow && "text-ink-3")}>
                      {workflow ?? words.chooseWorkflow}
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
                onChange={(event) => {
                  setVersion(Number(event.target.value));
                  setText(null);
                }}
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
        <Field
          label={words.input}
          hint={expected.length > 0 ? words.inputExpected(expected.join(", ")) : words.inputHint}
          error={
            !parsed.ok
              ? words.invalidJson(parsed.message)
              : missing.length > 0 && text !== null
                ? words.missing(missing.join(", "))
                : null
          }
        >
          {(field) => (
            <textarea
              {...field}
              value={shown}
              onChange={(event) => setText(event.target.value)}
              spellCheck={false}
              rows={8}
              className={classNames(inputClass, "h-auto resize-y py-2 font-mono text-xs leading-5")}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={words.key} hint={words.keyHint} optional={texts.common.optional}>
            {(field) => <Input {...field} name="key" maxLength={256} autoComplete="off" />}
          </Field>
          <Field label={words.tags} hint={words.tagsHint} optional={texts.common.optional}>
            {(field) => <Input {...field} name="tags" autoComplete="off" />}
          </Field>
        </div>
        {start.error && (
          <div role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
            <p>{texts.errors.sentence(start.error)}</p>
            {refused?.errors?.map((each) => (
              <p key={`${each.path}${each.code}`} className="mt-1 font-mono text-2xs">
                {each.path} {each.message}
              </p>
            ))}
          </div>
        )}
      </div>
      <div className="flex justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" onClick={onDone}>
          {texts.common.cancel}
        </Button>
        <Button type="submit" variant="solid" busy={start.isPending} disabled={!workflow || !parsed.ok}>
          {words.submit}
        </Button>
      </div>
    </form>
  );
}
