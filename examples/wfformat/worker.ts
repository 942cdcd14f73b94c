/** A worker process: sleeps as long as each task ran when it was recorded. */
import { setTimeout as delay } from "node:timers/promises";
import { step, Worker } from "@cerebelum/sdk";
import { TASK } from "./import-wfformat";

const run = step(TASK, async ({ runtimeMs }: { runtimeMs: number }, ctx) => {
  await delay(runtimeMs, undefined, { signal: ctx.signal });
  return null;
});

const worker = new Worker({ steps: [run], capacity: Number(process.env.CAPACITY ?? 20) });
await worker.start();
process.send?.("ready");
await worker.run({ graceMs: 1_000 });
