/** What workers logged, beside the histories. */
import type { Queryable } from "../client";
import type { About } from "../payload-codec";
import { payloadsOf, sealJson } from "../sealed-payloads";

export interface LogChunk {
  executionId: bigint;
  taskId: bigint;
  node: string;
  iteration: number;
  index: readonly number[] | null;
  attempt: number;
  lines: number;
  /** UTF-8, of `body`. */
  bytes: number;
  /** JSON text: a list of lines. */
  body: string;
}

/** Appends, each to its execution's logs, and lets the oldest go where there is too much. */
export async function addStepLogs(
  db: Queryable,
  namespaceId: number,
  chunks: readonly LogChunk[],
  most: { lines: number; bytes: number },
): Promise<void> {
  const payloads = payloadsOf(db);
  await payloads.prepare([namespaceId]);
  const rows = chunks.map(({ executionId, taskId, node, iteration, index, attempt, lines, bytes, body }) => ({
    e: String(executionId),
    t: String(taskId),
    node,
    it: iteration,
    idx: index,
    a: attempt,
    lines,
    bytes,
    body: sealJson(payloads, body, aboutLog(namespaceId, executionId)),
  }));
  await db.query({
    name: "add-step-logs",
    text: "select add_step_logs($1, $2, $3, $4)",
    values: [namespaceId, JSON.stringify(rows), most.lines, most.bytes],
  });
}

export function aboutLog(namespaceId: number, executionId: bigint): About {
  return { namespaceId, of: executionId, as: "log" };
}
