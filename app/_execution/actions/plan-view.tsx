"use client";
/** What a retry or a fork would do, as the server says it: what runs again and under which key, what is kept, by which version. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { actionTexts } from "@/lib/client/texts/actions";
import type { ExecutionPlan } from "@/lib/contract/controls";
import { classNames } from "../../_ui/class-names";
import { Skeleton } from "../../_ui/skeleton";
import { StatusIcon } from "../../_ui/status";
import { stepKey } from "../timeline-model";

const words = actionTexts.plan;

/** @param isKnown whether the execution has used the idempotency key of that step before; null: all keys are new */
export function PlanView({
  plan,
  isKnown,
}: {
  plan: UseQueryResult<ExecutionPlan>;
  isKnown: ((step: string) => boolean) | null;
}) {
  const { data, error, isPlaceholderData } = plan;
  return (
    <section aria-label={words.label} className="flex min-h-40 flex-col gap-3 rounded-md border bg-sunken p-3">
      {error ? (
        <p role="alert" className="text-xs break-words text-danger">
          {actionTexts.problem(error)}
        </p>
      ) : data ? (
        <div className={classNames("flex flex-col gap-3", isPlaceholderData && "opacity-60")}>
          <Planned plan={data} isKnown={isKnown} />
        </div>
      ) : (
        <PlanSkeleton />
      )}
    </section>
  );
}

function Planned({ plan, isKnown }: { plan: ExecutionPlan; isKnown: ((step: string) => boolean) | null }) {
  const { runsAgain, runsAgainTotal, kept, keptTotal } = plan;
  const again = runsAgain.map((step) => ({ ...step, key: stepKey(step) }));
  const isOld = (key: string) => isKnown?.(key) ?? false;
  const hasOld = again.some(({ key }) => isOld(key));
  const hasNew = again.some(({ key }) => !isOld(key));
  return (
    <>
      <p className="flex items-baseline justify-between gap-2 text-xs">
        <span className="font-medium">{words.label}</span>
        <span className="truncate font-mono text-2xs text-ink-2">{words.version(plan.workflow, plan.version)}</span>
      </p>
      <PlanList
        title={runsAgainTotal === 0 ? words.noRuns : words.runs(runsAgainTotal)}
        shown={again.length}
        total={runsAgainTotal}
      >
        {again.map(({ key, idempotencyKey }) => (
          <li key={key} className="flex min-w-0 items-center gap-2 py-0.5 text-xs">
            <StatusIcon status="retrying" size={12} />
            <span className="shrink-0 font-mono">{key}</span>
            <span title={idempotencyKey ?? undefined} className="ml-auto truncate text-2xs text-ink-3">
              {isOld(key) ? words.sameKey : words.newKey}
              {idempotencyKey !== null && <span className="font-mono"> {idempotencyKey}</span>}
            </span>
          </li>
        ))}
      </PlanList>
      {again.length > 0 && (
        <div className="flex flex-col gap-1 text-2xs text-ink-2">
          {hasOld && <p>{words.sameMeaning}</p>}
          {hasNew && <p>{isKnown === null ? words.forkMeaning : words.newMeaning}</p>}
        </div>
      )}
      {keptTotal > 0 && (
        <PlanList title={words.keeps(keptTotal)} shown={kept.length} total={keptTotal}>
          {kept.map((step) => (
            <li key={stepKey(step)} className="flex items-center gap-2 py-0.5 text-xs">
              <StatusIcon status={step.status} size={12} />
              <span className="font-mono">{stepKey(step)}</span>
            </li>
          ))}
        </PlanList>
      )}
    </>
  );
}

function PlanList({
  title,
  shown,
  total,
  children,
}: {
  title: string;
  shown: number;
  total: number;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-xs font-medium text-ink-2">{title}</h3>
      {shown > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
        <ul tabIndex={0} aria-label={title} className="max-h-32 overflow-y-auto rounded-sm">
          {children}
        </ul>
      )}
      {shown < total && <p className="text-2xs text-ink-3">{words.first(shown, total)}</p>}
    </div>
  );
}

function PlanSkeleton() {
  return (
    <div role="status" aria-label={words.loading} className="flex flex-col gap-3">
      <Skeleton className="h-4 w-40" />
      <Skeleton className="h-4 w-3/4" />
      <Skeleton className="h-4 w-2/3" />
    </div>
  );
}
