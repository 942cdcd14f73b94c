/** The events that bind an execution to versions of its workflow: few, however long its history is. */
import type { Query } from "@/db/queries/query";
import { aboutEvent } from "@/db/stores/histories";

const BINDING = ["ExecutionScheduled", "ExecutionStarted", "ExecutionForked"];

export interface BindingEventRow {
  namespace_id: number;
  sequence: number;
  /** JSON text. */
  data: string;
}

export function bindingEvents(namespaceId: number, executionId: bigint): Query<BindingEventRow> {
  return {
    name: "binding-events",
    text: `select namespace_id, sequence, data from events
      where execution_id = $2 and namespace_id = $1 and type = any($3) order by sequence`,
    values: [namespaceId, executionId, BINDING],
    sealed: {
      columns: ["data"],
      about: ({ namespace_id, sequence }) => aboutEvent(namespace_id, executionId, sequence),
    },
  };
}
