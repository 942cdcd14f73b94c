"use client";
/** The first steps: from an empty namespace to an execution that ran, without leaving the browser. They tick by facts alone. */
import { X } from "lucide-react";
import { type FirstStep, type Progress, progressOf, useGuide, writeGuide } from "@/lib/client/first-steps";
import { useNamedExecution } from "@/lib/client/overview";
import { useMay } from "@/lib/client/permissions";
import { useWorkers, useWorkflows } from "@/lib/client/queries";
import { overviewTexts } from "@/lib/client/texts/overview";
import { EXAMPLE_QUEUE } from "@/lib/client/worker-command";
import type { Execution } from "@/lib/contract/executions";
import type { Overview } from "@/lib/contract/overview";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { ScrollArea } from "../_ui/scroll-area";
import { EXAMPLE, EXAMPLE_APPROVAL, EXAMPLE_KEY } from "./example-definition";
import { FirstStepCard } from "./first-step-card";
import { ApprovedStep, NextSteps, PublishedStep, StartedStep, WorkerStep } from "./first-steps";

const words = overviewTexts.first;
const EXAMPLE_FACTS = { workflow: EXAMPLE.name, queue: EXAMPLE_QUEUE, approval: EXAMPLE_APPROVAL };

export function FirstRun({ overview }: { overview: Overview }) {
  const workflows = useWorkflows();
  const workers = useWorkers();
  const execution = useNamedExecution(EXAMPLE_KEY);
  const guide = useGuide();
  const mayPublish = useMay("publish");
  const names = workflows.data?.items.map(({ name }) => name);
  const progress =
    names && workers.data && execution.data !== undefined
      ? progressOf(
          {
            workflows: names,
            workers: workers.data.items,
            hasExecutions: overview.hasExecutions,
            execution: execution.data,
          },
          EXAMPLE_FACTS,
        )
      : null;
  // What was done before these steps were begun is none of them.
  const shown = progress?.steps.filter(({ isDone }) => guide === "begun" || !isDone);
  return (
    <>
      <RoomHeader title={words.title}>
        <Button variant="ghost" size="sm" onClick={() => writeGuide("dismissed")}>
          <X aria-hidden size={13} />
          {words.dismiss}
        </Button>
      </RoomHeader>
      <ScrollArea label={words.title}>
        <div className="mx-auto w-full max-w-[680px] px-4 py-8 md:px-6">
          <p className="mb-6 text-ink-2">
            {progress === null || (progress.isExample && shown?.length === progress.steps.length)
              ? words.lead
              : words.leadRest}
          </p>
          {!mayPublish && (
            <p className="mb-6 rounded-md bg-warning-tint px-3 py-2 text-xs text-warning">{words.viewer}</p>
          )}
          {progress && shown && (
            <ol aria-label={words.steps}>
              {shown.map(({ name, isDone }, index) => (
                <StepOf
                  key={name}
                  name={name}
                  number={index + 1}
                  isDone={isDone}
                  progress={progress}
                  execution={execution.data ?? null}
                />
              ))}
              <FirstStepCard
                number={shown.length + 1}
                title={words.next.title}
                state={progress.current === null ? "current" : "later"}
              >
                <NextSteps execution={execution.data ?? null} />
              </FirstStepCard>
            </ol>
          )}
        </div>
      </ScrollArea>
    </>
  );
}

function StepOf({
  name,
  number,
  isDone,
  progress: { isExample, current },
  execution,
}: {
  name: FirstStep;
  number: number;
  isDone: boolean;
  progress: Progress;
  execution: Execution | null;
}) {
  const title = !isExample && name === "started" ? words.started.titleOwn : words[name].title;
  const state = isDone ? "done" : name === current ? "current" : "later";
  return (
    <FirstStepCard number={number} title={title} state={state} done={words[name].done}>
      {name === "published" && <PublishedStep />}
      {name === "worker" && <WorkerStep isExample={isExample} />}
      {name === "started" && <StartedStep isExample={isExample} />}
      {name === "approved" && <ApprovedStep execution={execution} />}
    </FirstStepCard>
  );
}
