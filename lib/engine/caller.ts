/** On whose behalf a use case acts: every read and write stays inside the caller's namespace. */
import type { Actor } from "@/lib/contract/history";

export interface Caller {
  namespaceId: number;
  actor: Actor;
  /** W3C traceparent of the call, where the server writes traces: what it starts goes on from there. */
  trace?: string;
  /** Of a key that works for some queues or on some workflows alone; null: no limit of that kind. */
  limits?: { queues: readonly string[] | null; workflows: readonly string[] | null };
}

/** To a caller that does not reach a workflow, it and its executions are not there. */
export function reachesWorkflow({ limits }: Pick<Caller, "limits">, workflow: string): boolean {
  return limits?.workflows?.includes(workflow) ?? true;
}

/** To a caller that does not reach every queue of a worker, the worker is not there. */
export function reachesQueues({ limits }: Pick<Caller, "limits">, queues: readonly string[]): boolean {
  const reached = limits?.queues ?? null;
  return reached === null || queues.every((queue) => reached.includes(queue));
}
