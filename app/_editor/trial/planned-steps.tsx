"use client";
/** The steps that are answered from outside, each with what is planned for it alone. */
import { ChevronDown } from "lucide-react";
import { useMemo, useState } from "react";
import { parseInput } from "@/lib/client/input-check";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { Node, NodeType } from "@/lib/contract/definition";
import { bodyGraph } from "@/lib/core/definition/graph";
import type { Injection } from "@/lib/editor/trial/injections";
import { readAnswers } from "@/lib/editor/trial/read-trial";
import { NodeIcon } from "../../_execution/node-icon";
import { Button } from "../../_ui/button";
import { Field, inputClass } from "../../_ui/field";
import { FormDialog } from "../../_ui/form-dialog";
import { Menu } from "../../_ui/menu";
import type { MenuAction } from "../../_ui/menu-parts";
import { useDraft, useTrial } from "./use-trial";

const MINUTE_MS = 60_000;

interface Step {
  path: string;
  type: NodeType;
}

export function PlannedSteps() {
  const { desk, state } = useTrial();
  const draft = useDraft();
  const steps = useMemo(() => answeredIn(draft, ""), [draft]);
  const [written, setWritten] = useState<Step | null>(null);
  const { injections } = state.setup;
  return (
    <section aria-labelledby="trial-steps" className="flex flex-col gap-1.5">
      <h2 id="trial-steps" className="text-xs font-medium">
        {words.steps}
      </h2>
      {steps.length === 0 && <p className="text-xs text-ink-3">{words.noSteps}</p>}
      <ul>
        {steps.map((step) => (
          <li key={step.path} className="flex h-8 items-center gap-2 border-b last:border-b-0">
            <NodeIcon type={step.type} className="shrink-0 text-ink-3" />
            <span title={step.path} className="min-w-0 flex-1 truncate font-mono text-xs">
              {step.path}
            </span>
            <Menu
              align="end"
              trigger={
                <Button
                  size="sm"
                  variant="ghost"
                  aria-label={`${words.plan(step.path)}: ${injectionText(injections.get(step.path))}`}
                >
                  <span className={injections.has(step.path) ? "text-accent" : "font-normal text-ink-3"}>
                    {injectionText(injections.get(step.path))}
                  </span>
                  <ChevronDown aria-hidden size={12} />
                </Button>
              }
              groups={choicesFor(
                step,
                (injection) => desk.inject(step.path, injection),
                () => setWritten(step),
              )}
            />
          </li>
        ))}
      </ul>
      {written !== null && (
        <WriteAnswers
          place={written.path}
          known={injections.get(written.path)}
          onPlan={(injection) => desk.inject(written.path, injection)}
          onClose={() => setWritten(null)}
        />
      )}
    </section>
  );
}

function answeredIn({ nodes }: { nodes: readonly Node[] }, prefix: string): Step[] {
  return nodes.flatMap((node) => {
    const path = prefix + node.id;
    if (node.type === "map") return answeredIn(bodyGraph(node), `${path}/`);
    return ANSWERED.has(node.type) ? [{ path, type: node.type }] : [];
  });
}

const ANSWERED: ReadonlySet<NodeType> = new Set(["task", "http", "approval", "workflow"]);

function choicesFor({ type }: Step, plan: (injection: Injection | null) => void, write: () => void): MenuAction[][] {
  const choice = (name: string, injection: Injection) => ({ name, onSelect: () => plan(injection) });
  const texts = words.injections;
  const asAll = [{ name: words.asAll, onSelect: () => plan(null) }];
  if (type === "approval")
    return [
      asAll,
      [
        choice(texts.approve, { kind: "decide", decision: "approved" }),
        choice(texts.reject, { kind: "decide", decision: "rejected" }),
        choice(texts.expire, { kind: "decide", decision: "expired" }),
      ],
    ];
  const slow = [
    choice(texts.slowMinute, { kind: "slow", ms: MINUTE_MS }),
    choice(texts.slowHour, { kind: "slow", ms: 60 * MINUTE_MS }),
    choice(texts.slowDay, { kind: "slow", ms: 1440 * MINUTE_MS }),
  ];
  if (type === "workflow") return [asAll, [choice(texts.childFails, { kind: "fail-for-good" })], slow];
  return [
    asAll,
    [
      choice(texts.failOnce, { kind: "fail", times: "once" }),
      choice(texts.failAlways, { kind: "fail", times: "always" }),
      choice(texts.failForGood, { kind: "fail-for-good" }),
    ],
    [
      choice(texts.loseOnce, { kind: "lose", times: "once" }),
      choice(texts.loseAlways, { kind: "lose", times: "always" }),
    ],
    slow,
    [{ name: texts.answers, onSelect: write }],
  ];
}

function injectionText(injection: Injection | undefined): string {
  const texts = words.injections;
  switch (injection?.kind) {
    case undefined:
      return words.asAll;
    case "fail":
      return injection.times === "once" ? texts.failOnce : texts.failAlways;
    case "fail-for-good":
      return texts.failForGood;
    case "lose":
      return injection.times === "once" ? texts.loseOnce : texts.loseAlways;
    case "slow":
      return injection.ms === MINUTE_MS
        ? texts.slowMinute
        : injection.ms === 60 * MINUTE_MS
          ? texts.slowHour
          : texts.slowDay;
    case "decide":
      return { approved: texts.approve, rejected: texts.reject, expired: texts.expire }[injection.decision];
    case "answers":
      return texts.written(injection.list.length);
  }
}

const FIRST_ANSWERS = [{ error: { code: "BUSY", message: "try again" } }, { output: {}, took: "5s" }];

function WriteAnswers({
  place,
  known,
  onPlan,
  onClose,
}: {
  place: string;
  known: Injection | undefined;
  onPlan: (injection: Injection) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(() => {
    const list = known?.kind === "answers" ? known.list : FIRST_ANSWERS;
    return JSON.stringify(list, null, 2);
  });
  const [problem, setProblem] = useState<string | null>(null);
  function send() {
    const json = parseInput(text);
    if (!json.ok) return setProblem(json.message);
    const read = readAnswers(json.value);
    if ("fault" in read) return setProblem(words.badAnswer(read.fault.path, read.fault.message));
    onPlan({ kind: "answers", list: read.answers });
    onClose();
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.answersTitle(place)}
      description={words.answersHint}
      submit={words.answersSubmit}
      busy={false}
      error={null}
      onSubmit={send}
    >
      <Field label={words.answersLabel} error={problem}>
        {(field) => (
          <textarea
            {...field}
            rows={12}
            spellCheck={false}
            value={text}
            onChange={({ target }) => setText(target.value)}
            className={`${inputClass} h-auto resize-y py-2 font-mono text-xs leading-5`}
          />
        )}
      </Field>
    </FormDialog>
  );
}
