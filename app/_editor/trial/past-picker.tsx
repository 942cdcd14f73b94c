"use client";
/** Picks the execution whose answers a trial takes: the one thing of it that asks the server. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { ChevronsUpDown } from "lucide-react";
import { api } from "@/lib/client/api";
import { relativeTime } from "@/lib/client/format";
import { fetchExecutions, keys } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { HistoryEvent } from "@/lib/contract/history";
import type { HistoryExport } from "@/lib/contract/history-export";
import { pastAnswers } from "@/lib/editor/trial/past-answers";
import { Button } from "../../_ui/button";
import { Combobox } from "../../_ui/combobox";
import { Skeleton } from "../../_ui/skeleton";
import { StatusIcon } from "../../_ui/status";
import type { Past } from "./trial-desk";
import { useDraft, useTrial } from "./use-trial";

export function PastPicker() {
  const { desk, state } = useTrial();
  const { name: workflow } = useDraft();
  const filters = { workflow };
  const recent = useQuery({
    queryKey: [...keys.executions(filters), "recent"],
    queryFn: ({ signal }) => fetchExecutions(filters, null, signal),
  });
  const load = useMutation({
    mutationFn: loadPast,
    onSuccess: (past) => desk.setUp({ past, input: past.plans.input ?? null }),
  });
  const error = recent.error ?? load.error;
  if (recent.isPending) return <Skeleton className="h-8 w-full" />;
  return (
    <div className="flex flex-col gap-1.5">
      <Combobox
        options={(recent.data?.items ?? []).map(({ id, status, createdAt, key }) => ({
          value: id,
          label: key ?? id,
          icon: <StatusIcon status={status} />,
          hint: relativeTime(Date.parse(createdAt), Date.now()),
        }))}
        value={state.setup.past?.id ?? null}
        onChange={(id) => load.mutate(id)}
        placeholder={words.findPast}
        empty={words.noPast}
        matchWidth
        trigger={
          <Button busy={load.isPending} className="w-full justify-start font-normal">
            <span className="truncate">{state.setup.past?.id ?? words.pickPast}</span>
            <ChevronsUpDown aria-hidden size={13} className="text-ink-3" />
          </Button>
        }
      />
      {error && (
        <p role="alert" className="text-xs text-danger">
          {texts.errors.sentence(error)}
        </p>
      )}
    </div>
  );
}

async function loadPast(id: string): Promise<Past> {
  const { events, values } = await api<HistoryExport>(`/executions/${encodeURIComponent(id)}/export`);
  // Types that this page does not know say nothing of what steps came to.
  return { id, plans: pastAnswers(events as HistoryEvent[], new Map(Object.entries(values))) };
}
