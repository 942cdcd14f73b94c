"use client";
/** Names that may be meant in a field: what this workflow uses, what workers registered, what is published, who is a member. */
import { useMemo } from "react";
import { useQueues, useWorkers, useWorkflows } from "@/lib/client/queries";
import { useMembers } from "@/lib/client/settings";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import { everyId } from "@/lib/editor/document";
import { usedNames } from "@/lib/editor/fields/used-names";
import { useEditor } from "../use-editor";
import type { Suggestion } from "./suggest-input";

/** Of each name once, the hint of the first that has it. */
function merged(...lists: readonly (readonly Suggestion[])[]): Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const each of lists.flat()) if (!found.has(each.value)) found.set(each.value, each);
  return [...found.values()].sort((a, b) => a.value.localeCompare(b.value));
}

const named = (names: readonly string[], hint: string) => names.map((value) => ({ value, hint }));

function useUsed() {
  const definition = useEditor(({ session }) => session.present.definition);
  return useMemo(() => usedNames(definition), [definition]);
}

export function useTaskNames(): Suggestion[] {
  const { tasks } = useUsed();
  const workers = useWorkers().data?.items;
  return merged(
    named(workers?.flatMap((worker) => worker.tasks) ?? [], words.sources.worker),
    named(tasks, words.sources.here),
  );
}

export function useQueueNames(): Suggestion[] {
  const { queues } = useUsed();
  const known = useQueues().data?.items;
  return merged(named(known?.map(({ name }) => name) ?? [], words.sources.queue), named(queues, words.sources.here));
}

export function useWorkflowNames(): Suggestion[] {
  const workflows = useWorkflows().data?.items;
  return (workflows ?? []).map(({ name, version }) => ({ value: name, hint: words.child.version(version) }));
}

export function useNodeNames(except: string | null): Suggestion[] {
  const definition = useEditor(({ session }) => session.present.definition);
  return [...everyId(definition)].filter((id) => id !== except).map((value) => ({ value }));
}

/** Roles as everybody of that role, members by the address that they sign in with. */
export function usePeople(): Suggestion[] {
  const members = useMembers().data?.items ?? [];
  return [
    ...merged(members.map(({ role }) => ({ value: role, hint: words.assignees.roles }))),
    ...members.map(({ email, name }) => ({ value: email, hint: name })),
  ];
}
