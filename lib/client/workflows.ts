"use client";
/** What is changed about workflows, and what else a new version of one touches. */
import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Definition, Node } from "@/lib/contract/definition";
import type { ExecutionCounts } from "@/lib/contract/executions";
import type { WorkflowDetail, WorkflowPublished } from "@/lib/contract/workflows";
import { isClosed } from "@/lib/core/execution/statuses";
import { graphsOf } from "@/lib/editor/document";
import { ApiError, api } from "./api";
import { draftQuery, readDraft, saveDraft } from "./drafts";
import { keys, useWorkflows, useWorkflowVersion } from "./queries";
import { askRoomAgain } from "./refresher";
import { EXECUTION_STATUSES } from "./texts";

const pathOf = (name: string) => `/workflows/${encodeURIComponent(name)}`;

export function useArchiveWorkflow(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api(pathOf(name), { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.workflows }),
  });
}

/** Null: there is none of that name. Follows what others publish. */
export function useWorkflowIfAny(name: string) {
  return useQuery({
    queryKey: ["workflows", "one", name],
    refetchOnMount: "always",
    queryFn: ({ signal }) =>
      api<WorkflowDetail>(pathOf(name), { signal }).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === "WORKFLOW_NOT_FOUND") return null;
        throw error;
      }),
  });
}

export function usePublishWorkflow(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ definition, note }: { definition: Definition; note: string | undefined }) =>
      api<WorkflowPublished>("/workflows", { method: "POST", body: { definition, note } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.workflow(name) });
      void askRoomAgain(client, "workflows");
    },
  });
}

/** Writes a version over the draft, on top of the revision that is there; how it lies stays. */
export function useRestoreVersion({ name, version: latest }: Pick<WorkflowDetail, "name" | "version">) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (version: number) => {
      const [{ definition }, draft] = await Promise.all([
        api<{ definition: Definition }>(`${pathOf(name)}/versions/${version}`),
        readDraft(name),
      ]);
      await saveDraft(name, { definition, layout: draft.layout, baseVersion: latest, revision: draft.revision });
    },
    onSuccess: () => {
      client.removeQueries({ queryKey: draftQuery(name).queryKey });
      void askRoomAgain(client, "workflows");
    },
  });
}

/** Null: not known yet, or there is none. */
export function useLatestDefinition(workflow: WorkflowDetail | null | undefined): Definition | null {
  const { data } = useWorkflowVersion(workflow?.name, workflow?.version);
  return (data?.definition as Definition | undefined) ?? null;
}

export interface OpenOfVersion {
  readonly version: number;
  readonly open: number;
  /** There are at least so many. */
  readonly isCapped: boolean;
}

export const OPEN_STATUSES = EXECUTION_STATUSES.filter((status) => !isClosed({ status }));

/** Older versions than these many are not asked for one by one. */
const VERSIONS_ASKED = 12;

/** Versions with open executions, the newest first; null until all have answered. */
export function useOpenByVersion(workflow: WorkflowDetail | null): readonly OpenOfVersion[] | null {
  const hasOpen = OPEN_STATUSES.some((status) => (workflow?.counts[status] ?? 0) > 0);
  const versions = hasOpen ? (workflow?.versions.slice(0, VERSIONS_ASKED).map(({ version }) => version) ?? []) : [];
  return useQueries({
    queries: versions.map((version) => ({
      queryKey: ["executions", "counts", "open", workflow?.name, version],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        const query = { workflow: workflow?.name, version, status: OPEN_STATUSES.join(",") };
        return api<ExecutionCounts>("/executions/counts", { query, signal });
      },
    })),
    combine: (answers) =>
      answers.some(({ isPending }) => isPending)
        ? null
        : answers.flatMap(({ data }, at): OpenOfVersion[] => {
            const version = versions[at];
            if (data === undefined || version === undefined || data.total === 0) return [];
            return [{ version, open: data.total, isCapped: data.capped }];
          }),
  });
}

/** More workflows than these are not read to find out which call this one. */
const CALLERS_SOUGHT = 100;

export interface Caller {
  readonly workflow: string;
  readonly nodes: readonly string[];
}

/** Workflows whose latest version starts the latest of this one as a child, as far as they were read. */
export function useCallers(name: string): { readonly callers: readonly Caller[]; readonly isCut: boolean } {
  const workflows = useWorkflows().data?.items ?? [];
  const asked = workflows.slice(0, CALLERS_SOUGHT);
  const isCut = asked.length < workflows.length;
  return useQueries({
    queries: asked.map(({ name: caller, version }) => ({
      queryKey: keys.version(caller, version),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api<{ definition: Definition }>(`${pathOf(caller)}/versions/${version}`, { signal }),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: (answers) => ({
      isCut,
      callers: answers.flatMap(({ data }, at): Caller[] => {
        const nodes = data === undefined ? [] : callsOf(data.definition, name);
        return nodes.length === 0 ? [] : [{ workflow: asked[at]?.name ?? "", nodes }];
      }),
    }),
  });
}

function callsOf(definition: Definition, name: string): string[] {
  const calls = (node: Node) => node.type === "workflow" && node.workflow === name && node.version === undefined;
  return graphsOf(definition).flatMap(({ graph }) => graph.nodes.filter(calls).map(({ id }) => id));
}
