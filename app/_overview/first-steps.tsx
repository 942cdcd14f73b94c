"use client";
/** What is done in each of the first steps, or whom to ask for it where the role does not allow it. */
import { ArrowRight, Check, Play } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { writeGuide } from "@/lib/client/first-steps";
import { clockTime } from "@/lib/client/format";
import { useApprove, useMakeKey, usePendingApproval, usePublish } from "@/lib/client/overview";
import { useMay } from "@/lib/client/permissions";
import { useStartExecution } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { overviewTexts } from "@/lib/client/texts/overview";
import { EXAMPLE_QUEUE, workerCommand, workerSettings } from "@/lib/client/worker-command";
import type { Execution } from "@/lib/contract/executions";
import { StartDialog } from "../_executions/start-dialog";
import { Button, buttonClass } from "../_ui/button";
import { CommandLine } from "../_ui/command-line";
import { useOrigin } from "../_ui/example-command";
import { Status } from "../_ui/status";
import { EXAMPLE, EXAMPLE_INPUT, EXAMPLE_KEY } from "./example-definition";

const words = overviewTexts.first;

function Hint({ children }: { children: ReactNode }) {
  return <p className="text-ink-2">{children}</p>;
}

function Refusal({ error }: { error: Error | null }) {
  if (error === null) return null;
  return (
    <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
      {texts.errors.sentence(error)}
    </p>
  );
}

export function PublishedStep() {
  const publish = usePublish();
  const may = useMay("publish");
  return (
    <>
      <Hint>{words.published.hint}</Hint>
      {may ? (
        <Button
          variant="solid"
          busy={publish.isPending}
          onClick={() => {
            writeGuide("begun");
            publish.mutate(EXAMPLE);
          }}
        >
          {words.published.action}
        </Button>
      ) : (
        <Hint>{words.published.needs}</Hint>
      )}
      <Refusal error={publish.error} />
    </>
  );
}

export function WorkerStep({ isExample }: { isExample: boolean }) {
  const origin = useOrigin();
  const make = useMakeKey();
  const may = useMay("administer");
  const apiKey = make.data?.secret;
  const command = isExample
    ? workerCommand({ origin, apiKey, queue: EXAMPLE_QUEUE })
    : workerSettings({ origin, apiKey });
  const keyMade = isExample ? words.worker.once : words.worker.onceOwn;
  return (
    <>
      <Hint>{isExample ? words.worker.hint : words.worker.hintOwn}</Hint>
      <CommandLine command={command} />
      {may ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            variant={apiKey ? "outline" : "solid"}
            busy={make.isPending}
            onClick={() => {
              writeGuide("begun");
              make.mutate({
                name: words.worker.keyName(clockTime(Date.now())),
                scopes: ["worker"],
                ...(isExample && { queues: [EXAMPLE_QUEUE] }),
              });
            }}
          >
            {apiKey ? words.worker.again : words.worker.action}
          </Button>
          {apiKey && <span className="min-w-0 flex-1 text-xs text-ink-3">{keyMade}</span>}
        </div>
      ) : (
        <Hint>{words.worker.needs}</Hint>
      )}
      <Refusal error={make.error} />
      <p role="status" className="flex items-center gap-2 text-xs text-ink-3">
        <span aria-hidden data-status="waiting" className="size-1.5 animate-breathe rounded-full bg-tone-fill" />
        {words.worker.waiting}
      </p>
    </>
  );
}

export function StartedStep({ isExample }: { isExample: boolean }) {
  const may = useMay("execute");
  if (!may) return <Hint>{words.started.needs}</Hint>;
  return isExample ? <StartExample /> : <StartOwn />;
}

function StartExample() {
  const start = useStartExecution();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  return (
    <>
      <Hint>{words.started.hint}</Hint>
      <Button
        variant="solid"
        busy={start.isPending}
        onClick={() => {
          writeGuide("begun");
          start.mutate({ idempotencyKey, workflow: EXAMPLE.name, key: EXAMPLE_KEY, input: EXAMPLE_INPUT });
        }}
      >
        <Play aria-hidden size={13} />
        {words.started.action}
      </Button>
      <Refusal error={start.error} />
    </>
  );
}

function StartOwn() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Hint>{words.started.hintOwn}</Hint>
      <Button variant="solid" onClick={() => setIsOpen(true)}>
        <Play aria-hidden size={13} />
        {words.started.actionOwn}
      </Button>
      <StartDialog open={isOpen} onOpenChange={setIsOpen} />
    </>
  );
}

export function ApprovedStep({ execution }: { execution: Execution | null }) {
  const approval = usePendingApproval(execution?.id).data;
  const approve = useApprove();
  const may = useMay("decide");
  if (execution === null) return null;
  return (
    <>
      <Hint>{words.approved.hint}</Hint>
      <p role="status" className="flex min-h-6 flex-wrap items-center gap-x-2">
        <Status status={execution.status} badge />
        {approval && (
          <span>
            {words.approved.asks} <span className="font-medium">{approval.title ?? approval.node}</span>
          </span>
        )}
      </p>
      <div className="flex flex-wrap gap-2">
        {may ? (
          <Button
            variant="solid"
            disabled={!approval}
            busy={approve.isPending}
            onClick={() => approval && approve.mutate(approval.id)}
          >
            <Check aria-hidden size={13} />
            {words.approved.approve}
          </Button>
        ) : (
          <Hint>{words.approved.needs}</Hint>
        )}
        <Link prefetch={false} href={`/executions/${execution.id}`} className={buttonClass()}>
          {words.approved.see}
          <ArrowRight aria-hidden size={13} />
        </Link>
      </div>
      <Refusal error={approve.error} />
    </>
  );
}

export function NextSteps({ execution }: { execution: Execution | null }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2">
        {execution && <Status status={execution.status} badge />}
        <span className="text-ink-2">{words.next.hint}</span>
      </p>
      <ul className="flex flex-col gap-1.5">
        {execution && <NextLink name={words.next.seeExecution} href={`/executions/${execution.id}`} />}
        {words.next.links.map((link) => (
          <NextLink key={link.href} {...link} />
        ))}
      </ul>
      <p className="text-xs text-ink-3">{words.next.docs}</p>
      <Button variant="solid" onClick={() => writeGuide("dismissed")}>
        {words.next.overview}
      </Button>
    </>
  );
}

function NextLink({ name, href }: { name: string; href: string }) {
  return (
    <li>
      <a href={href} className="inline-flex items-center gap-1.5 rounded-sm text-accent hover:underline">
        {name}
        <ArrowRight aria-hidden size={13} />
      </a>
    </li>
  );
}
