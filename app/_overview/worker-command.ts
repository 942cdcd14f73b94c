/** The command that starts a worker for a queue; the example's own where it is the example's queue. */
import { overviewTexts } from "@/lib/client/texts/overview";
import { EXAMPLE_QUEUE } from "./example-definition";

/** @param apiKey where it is known; else the command says where to put it */
export function workerCommand(
  queue: string,
  { origin, apiKey }: { origin: string; apiKey?: string | undefined },
): string {
  const settings = workerSettings({ origin, apiKey });
  const file = queue === EXAMPLE_QUEUE ? "examples/first-order/worker.ts" : overviewTexts.queues.yourWorker;
  return `${settings} npx tsx ${file}`;
}

export function workerSettings({ origin, apiKey }: { origin: string; apiKey?: string | undefined }): string {
  return `CEREBELUM_URL=${origin} CEREBELUM_API_KEY=${apiKey ?? overviewTexts.queues.yourKey}`;
}
