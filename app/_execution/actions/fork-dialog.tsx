"use client";
/** Forks: from which moment, by which version, with which input and outputs; shows the server's plan, and then does just that. */
import { X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFork, usePlan } from "@/lib/client/controls";
import { shortId } from "@/lib/client/format";
import { type ParsedInput, parseInput } from "@/lib/client/input-check";
import { useWorkflow } from "@/lib/client/queries";
import { actionTexts } from "@/lib/client/texts/actions";
import type { ForkExecution } from "@/lib/contract/controls";
import type { Execution } from "@/lib/contract/executions";
import { Button } from "../../_ui/button";
import { Combobox } from "../../_ui/combobox";
import { Field, Input, inputClass } from "../../_ui/field";
import { toast } from "../../_ui/toast";
import type { Snapshot } from "../execution-feed";
import type { Row } from "../timeline-model";
import { ActionDialog, ReasonField, reasonOf, useIdempotencyKey } from "./action-dialog";
import { JsonText } from "./json-text";
import { PlanView } from "./plan-view";
import { EditedInput } from "./retry-dialog";
import { useSettled } from "./use-settled";
import { useEditedValue } from "./value-text";

const words = actionTexts.fork;
const OTHER = "other";

export function ForkDialog({
  execution,
  snapshot,
  at: asked,
  step,
  onClose,
}: {
  execution: Execution;
  snapshot: Snapshot;
  /** Null: the moment that the page shows. */
  at: number | null;
  /** What begins at `at`, where that is a step. */
  step: string | null;
  onClose: () => void;
}) {
  const router = useRouter();
  const { timeline } = snapshot;
  const [at, setAt] = useState(() => asked ?? snapshot.at ?? Math.max(1, snapshot.events.length, execution.sequence));
  const [version, setVersion] = useState<number | null>(null);
  const input = useEditedValue(execution.id, timeline.input ?? { json: execution.input });
  const [outputs, setOutputs] = useState<ReadonlyMap<string, string>>(new Map());
  const fork = useFork(execution.id);
  const idempotencyKey = useIdempotencyKey();

  const parsed = new Map([...outputs].map(([node, text]) => [node, parseInput(text)]));
  const body = bodyOf({ at, version, input: input.isEdited ? input : null, outputs: parsed });
  const settled = useSettled(body);
  const plan = usePlan(execution.id, settled && { verb: "fork", body: settled });

  return (
    <ActionDialog
      wide
      title={words.title}
      description={words.description(execution.key ?? shortId(execution.id))}
      submit={words.submit}
      busy={fork.isPending}
      blocked={body === null || plan.data === undefined || plan.isError || plan.isPlaceholderData || settled !== body}
      error={fork.error}
      onClose={onClose}
      onSubmit={(fields) =>
        body &&
        fork.mutate(
          { body: { ...body, ...reasonOf(fields) }, idempotencyKey },
          {
            onSuccess: ({ id }) => {
              toast.done(words.done, { name: actionTexts.open, href: `/executions/${id}` });
              onClose();
              router.push(`/executions/${id}`);
            },
          },
        )
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Moment execution={execution} snapshot={snapshot} asked={asked} step={step} at={at} onChange={setAt} />
        <VersionField execution={execution} version={version} onChange={setVersion} />
      </div>
      <EditedInput input={input} edit={words.editInput} label={words.input} hint={words.inputHint} />
      <Outputs rows={completedRows(snapshot, at)} outputs={outputs} onChange={setOutputs} />
      <PlanView plan={plan} isKnown={null} />
      <ReasonField />
    </ActionDialog>
  );
}

interface Choices {
  at: number;
  version: number | null;
  input: { parsed: ParsedInput; isLoading: boolean } | null;
  outputs: ReadonlyMap<string, ParsedInput>;
}

/** Null: something is no JSON, or has not come yet. */
function bodyOf({ at, version, input, outputs }: Choices): ForkExecution | null {
  const overrides: NonNullable<ForkExecution["overrides"]> = {};
  for (const [node, output] of outputs) {
    if (!output.ok) return null;
    overrides[node] = { output: output.value };
  }
  if (input !== null && (!input.parsed.ok || input.isLoading)) return null;
  return {
    at,
    ...(version === null ? {} : { version }),
    ...(input?.parsed.ok ? { input: input.parsed.value } : {}),
    ...(outputs.size === 0 ? {} : { overrides }),
  };
}

/** Steps outside maps that had completed by then: the latest iteration of each. */
function completedRows({ timeline }: Snapshot, at: number): Row[] {
  const found = new Map<string, Row>();
  for (const row of timeline.rows)
    if (row.index === null && row.status === "completed" && row.lastSequence <= at) found.set(row.node, row);
  return [...found.values()];
}

function Moment({
  execution,
  snapshot,
  asked,
  step,
  at,
  onChange,
}: {
  execution: Execution;
  snapshot: Snapshot;
  asked: number | null;
  step: string | null;
  at: number;
  onChange: (at: number) => void;
}) {
  const last = Math.max(1, snapshot.at === null ? snapshot.events.length : execution.sequence);
  const offered = new Map<number, string>();
  if (asked !== null && step !== null) offered.set(asked, words.step(step, asked));
  if (snapshot.at !== null && !offered.has(snapshot.at)) offered.set(snapshot.at, words.moment(snapshot.at));
  if (snapshot.at === null && !offered.has(last)) offered.set(last, words.end(last));
  if (!offered.has(1)) offered.set(1, words.begin);
  const [isOther, setIsOther] = useState(!offered.has(at));
  return (
    <div className="flex flex-col gap-2">
      <Field label={words.at}>
        {(field) => (
          <select
            {...field}
            className={inputClass}
            value={isOther ? OTHER : at}
            onChange={({ target: { value } }) => {
              setIsOther(value === OTHER);
              if (value !== OTHER) onChange(Number(value));
            }}
          >
            {[...offered].map(([sequence, name]) => (
              <option key={sequence} value={sequence}>
                {name}
              </option>
            ))}
            <option value={OTHER}>{words.other}</option>
          </select>
        )}
      </Field>
      {isOther && (
        <Field label={words.event}>
          {(field) => (
            <Input
              {...field}
              type="number"
              min={1}
              max={last}
              required
              value={at}
              onChange={({ target }) => onChange(Math.min(last, Math.max(1, Math.trunc(target.valueAsNumber || 1))))}
              className="tabular"
            />
          )}
        </Field>
      )}
    </div>
  );
}

function VersionField({
  execution,
  version,
  onChange,
}: {
  execution: Execution;
  version: number | null;
  onChange: (version: number | null) => void;
}) {
  const versions = useWorkflow(execution.workflow).data?.versions ?? [];
  return (
    <Field label={words.version}>
      {(field) => (
        <select
          {...field}
          className={inputClass}
          value={version ?? ""}
          onChange={({ target }) => onChange(target.value === "" ? null : Number(target.value))}
        >
          <option value="">{words.same(execution.version)}</option>
          {versions
            .filter((each) => each.version !== execution.version)
            .map((each) => (
              <option key={each.version} value={each.version}>
                {words.versionOf(each.version)}
              </option>
            ))}
        </select>
      )}
    </Field>
  );
}

function Outputs({
  rows,
  outputs,
  onChange,
}: {
  rows: Row[];
  outputs: ReadonlyMap<string, string>;
  onChange: (outputs: ReadonlyMap<string, string>) => void;
}) {
  const left = rows.filter(({ node }) => !outputs.has(node));
  if (rows.length === 0 && outputs.size === 0) return null;
  const without = (node: string) => onChange(new Map([...outputs].filter(([each]) => each !== node)));
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-end justify-between gap-3">
        <div className="flex flex-col">
          <span className="text-xs font-medium">{words.outputs}</span>
          <span className="text-xs text-ink-3">{words.outputsHint}</span>
        </div>
        <Combobox
          options={left.map(({ node }) => ({ value: node, label: node }))}
          value={null}
          onChange={(node) => onChange(new Map([...outputs, [node, textOf(rows, node)]]))}
          placeholder={words.findOutput}
          empty={words.noOutput}
          trigger={
            <Button size="sm" disabled={left.length === 0}>
              {words.addOutput}
            </Button>
          }
        />
      </div>
      {[...outputs].map(([node, text]) => (
        <div key={node} className="relative">
          <JsonText
            label={words.outputOf(node)}
            text={text}
            onChange={(next) => onChange(new Map([...outputs, [node, next]]))}
          />
          <div className="absolute -top-1.5 right-0">
            <Button
              variant="ghost"
              size="sm"
              aria-label={words.dropOutput(node)}
              title={words.dropOutput(node)}
              onClick={() => without(node)}
              className="px-1.5"
            >
              <X aria-hidden size={13} />
            </Button>
          </div>
        </div>
      ))}
    </div>
  );
}

/** A large output is begun anew, for whoever replaces it. */
function textOf(rows: Row[], node: string): string {
  const output = rows.find((row) => row.node === node)?.output;
  return output && "json" in output ? JSON.stringify(output.json, null, 2) : "";
}
