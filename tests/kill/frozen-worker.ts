/** A worker process that takes one task, says so, and answers it when it is told to: by then it may have been frozen for long. */
import { once } from "node:events";
import type { PollAnswer } from "@/lib/contract/workers";

const [url, apiKey] = process.argv.slice(2);

async function call<T>(path: string, body: object): Promise<T> {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return (await answer.json()) as T;
}

const declared = { queues: ["frozen"], tasks: ["hold"], language: "node", sdkVersion: "0", capacity: 1 };
const { workerId } = await call<{ workerId: string }>("workers", declared);
const parked = call<PollAnswer>(`workers/${workerId}/poll`, { capacity: 1, waitMs: 30_000 });
process.send?.("ready");
const [task] = (await parked).tasks;
if (task === undefined) throw new Error("there was no task");
const named = { taskId: task.taskId, leaseToken: task.leaseToken };
await call(`workers/${workerId}/heartbeat`, { running: [named] });
process.send?.({ attempt: task.attempt, key: task.idempotencyKey });
await once(process, "message");
const result = { ...named, status: "completed", output: { by: "the frozen one" } };
const { acks } = await call<PollAnswer>(`workers/${workerId}/poll`, { capacity: 0, results: [result] });
process.send?.(acks[0]?.status);
