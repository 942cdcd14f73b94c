"use client";
/** Schedules: what runs when, what they started, and what is changed about them. */
import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ExecutionSummary } from "@/lib/contract/executions";
import type {
  BackfillSchedule,
  CreateSchedule,
  Schedule,
  ScheduleTimes,
  ScheduleTriggered,
  UpdateSchedule,
} from "@/lib/contract/schedules";
import { api } from "./api";
import type { Page } from "./queries";

const REFRESH_MS = 15_000;
/** Of how many runs ahead the calendar knows; what is more often than that is said in words. */
export const RUNS_AHEAD = 100;

const keys = {
  all: ["schedules"] as const,
  times: (id: string, from: string) => ["schedules", "times", id, from] as const,
  draft: (cron: string, timezone: string) => ["schedules", "draft", cron, timezone] as const,
};

/** All of them: a namespace has few, so that lists and calendar need no pages. */
export function useSchedules() {
  return useQuery({
    queryKey: keys.all,
    queryFn: async ({ signal }) => {
      const items: Schedule[] = [];
      let cursor: string | undefined;
      do {
        const page = await api<Page<Schedule>>("/schedules", { query: { limit: 200, cursor }, signal });
        items.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return items;
    },
    refetchInterval: REFRESH_MS,
  });
}

export const useRunsAhead = (schedule: Schedule, count: number) =>
  useQuery({
    queryKey: [...keys.times(schedule.id, "now"), count, schedule.nextRunAt, schedule.cron, schedule.timezone],
    queryFn: ({ signal }) =>
      api<ScheduleTimes>(`/schedules/${schedule.id}/preview`, { query: { count }, signal }).then(({ times }) => times),
  });

/** @param from midnight of the first day shown, so that the answers of one view are of one moment */
export function useCalendarRuns(schedules: readonly Schedule[], from: string) {
  return useQueries({
    queries: schedules.map((schedule) => ({
      queryKey: [...keys.times(schedule.id, from), schedule.cron, schedule.timezone],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const query = { count: RUNS_AHEAD, from };
        const { times } = await api<ScheduleTimes>(`/schedules/${schedule.id}/preview`, { query, signal });
        return { schedule, times };
      },
      staleTime: 60_000,
    })),
    combine: (results) => ({
      isPending: results.some(({ isPending }) => isPending),
      runs: results.flatMap(({ data }) => data ?? []),
    }),
  });
}

/** When it would run, before it is saved; an error says what is wrong with the expression. */
export function useDraftTimes(cron: string, timezone: string) {
  return useQuery({
    queryKey: keys.draft(cron, timezone),
    queryFn: ({ signal }) => api<ScheduleTimes>("/schedules/times", { query: { cron, timezone, count: 3 }, signal }),
    enabled: cron.trim() !== "" && timezone.trim() !== "",
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
}

/** The newest executions that it started. */
export function useScheduleExecutions(name: string) {
  return useQuery({
    queryKey: ["executions", "of-schedule", name],
    queryFn: ({ signal }) =>
      api<Page<ExecutionSummary>>("/executions", { query: { tag: `schedule:${name}`, limit: 10 }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

function useChange<Asked, Answer>(change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

/** @param id null: a new one */
export const useSaveSchedule = (id: string | null) =>
  useChange(({ version, ...rest }: Omit<CreateSchedule, "version"> & { version: number | null }) =>
    id === null
      ? api<Schedule>("/schedules", { method: "POST", body: { ...rest, version: version ?? undefined } })
      : api<Schedule>(`/schedules/${id}`, { method: "PATCH", body: { ...rest, version } }),
  );

export const usePauseSchedule = (id: string) =>
  useChange((body: Required<Pick<UpdateSchedule, "paused">> & { pauseReason: string | null }) =>
    api<Schedule>(`/schedules/${id}`, { method: "PATCH", body }),
  );

export const useDeleteSchedule = (id: string) => useChange(() => api(`/schedules/${id}`, { method: "DELETE" }));

export const useTriggerSchedule = (id: string) =>
  useChange((idempotencyKey: string) =>
    api<ScheduleTriggered>(`/schedules/${id}/trigger`, { method: "POST", body: {}, idempotencyKey }),
  );

export const useBackfillSchedule = (id: string) =>
  useChange((body: BackfillSchedule) => api<ScheduleTimes>(`/schedules/${id}/backfill`, { method: "POST", body }));
