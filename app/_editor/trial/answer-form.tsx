"use client";
/** What a task, a call or a child execution comes to, as a person says it. */
import { type FormEvent, useMemo, useState } from "react";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { JsonValue } from "@/lib/contract/json";
import type { TrialAnswer, TrialChild } from "@/lib/contract/trials";
import { parseDuration } from "@/lib/core/durations";
import { exampleAnswers } from "@/lib/editor/trial/example-answers";
import type { OpenChild, OpenTask, OpenThing } from "@/lib/editor/trial/open";
import type { TrialRun } from "@/lib/editor/trial/trial-run";
import { Button } from "../../_ui/button";
import { Checkbox } from "../../_ui/checkbox";
import { Field, Input, inputClass } from "../../_ui/field";
import { JsonField } from "../../_ui/schema-form";
import { Segments } from "../../_ui/segments";
import { toast } from "../../_ui/toast";
import { refusalText } from "./refusal-text";
import { useTrial } from "./use-trial";

type Outcome = keyof typeof words.outcomes;

export function AnswerForm({ thing, alike }: { thing: OpenTask | OpenChild; alike: readonly OpenThing[] }) {
  const { desk, state } = useTrial();
  const [outcome, setOutcome] = useState<Outcome>("output");
  const example = useExample(thing, state.run);
  const [output, setOutput] = useState<JsonValue | undefined>(example);
  const [failure, setFailure] = useState({ code: "FAILED", message: "It failed.", retryable: true });
  const [port, setPort] = useState("");
  const [took, setTook] = useState("");
  const isBad = took.trim() !== "" && parseDuration(took.trim()) === null;
  const ports = portsOf(thing, state.run);

  function answerAll(things: readonly OpenThing[]) {
    if (isBad) return;
    const later = took.trim() === "" ? {} : { took: took.trim() };
    const error = {
      code: failure.code || "FAILED",
      message: failure.message,
      ...(failure.retryable ? {} : { retryable: false }),
    };
    const answer: TrialAnswer =
      outcome === "lost"
        ? { lost: true, ...later }
        : outcome === "error"
          ? { error, ...later }
          : { output: output ?? null, ...(port === "" ? {} : { port }), ...later };
    for (const each of things) {
      const refusal = desk.act((run) => give(run, each, answer));
      if (refusal !== null) toast.failed(refusalText(refusal));
    }
  }
  function send(event: FormEvent) {
    event.preventDefault();
    answerAll([thing]);
  }
  const outcomes: Outcome[] = thing.kind === "task" ? ["output", "error", "lost"] : ["output", "error"];
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <Segments
        label={words.outcomeLabel}
        value={outcome}
        onChange={setOutcome}
        options={outcomes.map((value) => ({ value, name: words.outcomes[value] }))}
      />
      {outcome === "output" && <JsonField label={words.output} rows={4} value={output} onChange={setOutput} />}
      {outcome === "output" && ports.length > 0 && (
        <Field label={words.port}>
          {(field) => (
            <select {...field} value={port} onChange={({ target }) => setPort(target.value)} className={inputClass}>
              <option value="">{words.defaultPort}</option>
              {ports.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </Field>
      )}
      {outcome === "error" && <FailureFields failure={failure} onChange={setFailure} isTask={thing.kind === "task"} />}
      {outcome === "lost" && <p className="text-xs text-ink-3">{words.lostHint}</p>}
      <Field label={words.took} hint={words.tookHint} error={isBad ? words.customBad : null}>
        {(field) => <Input {...field} value={took} onChange={({ target }) => setTook(target.value)} />}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="solid" size="sm">
          {thing.kind === "child" ? words.endChild : words.answer}
        </Button>
        {alike.length > 1 && (
          <Button size="sm" onClick={() => answerAll(alike)}>
            {words.answerAll(alike.length)}
          </Button>
        )}
      </div>
    </form>
  );
}

interface FailureText {
  code: string;
  message: string;
  retryable: boolean;
}

function FailureFields({
  failure,
  onChange,
  isTask,
}: {
  failure: FailureText;
  onChange: (failure: FailureText) => void;
  isTask: boolean;
}) {
  return (
    <>
      <Field label={words.code}>
        {(field) => (
          <Input
            {...field}
            required
            maxLength={128}
            value={failure.code}
            onChange={({ target }) => onChange({ ...failure, code: target.value })}
          />
        )}
      </Field>
      <Field label={words.message}>
        {(field) => (
          <Input
            {...field}
            value={failure.message}
            onChange={({ target }) => onChange({ ...failure, message: target.value })}
          />
        )}
      </Field>
      {isTask && (
        <span className="flex items-center gap-2 text-xs">
          <Checkbox
            label={words.retryable}
            checked={failure.retryable}
            onChange={(retryable) => onChange({ ...failure, retryable })}
          />
          <span aria-hidden>{words.retryable}</span>
        </span>
      )}
    </>
  );
}

function give(run: TrialRun, thing: OpenThing, answer: TrialAnswer) {
  if (thing.kind === "task") return run.answer(thing.id, answer);
  if (thing.kind !== "child") return null;
  const end: TrialChild | null = "output" in answer ? withoutPort(answer) : "error" in answer ? answer : null;
  return end === null ? null : run.endChild(thing.id, end);
}

function withoutPort({ output, took }: Extract<TrialAnswer, { output: unknown }>): TrialChild {
  return { output, ...(took === undefined ? {} : { took }) };
}

/** What the workflow reads of it, to begin with. */
function useExample({ kind, asked }: OpenTask | OpenChild, run: TrialRun | null): JsonValue | undefined {
  const source = useMemo(() => (run === null ? null : exampleAnswers(run.definition)), [run]);
  const answer = source === null ? null : kind === "task" ? source.task(asked) : source.child(asked);
  return answer !== null && "output" in answer ? answer.output : undefined;
}

function portsOf({ kind, step }: OpenTask | OpenChild, run: TrialRun | null): readonly string[] {
  if (kind !== "task" || step.compensation !== undefined) return [];
  return run?.state.graph.nodes[step.ordinal]?.task?.ports ?? [];
}
