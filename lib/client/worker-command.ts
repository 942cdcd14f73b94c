/** The command that starts a worker for this server, the same wherever a page gives it. */

/** What the first steps publish asks for its tasks here, and the example in the repository serves it. */
export const EXAMPLE_QUEUE = "first_order";

interface Settings {
  /** Empty until scripts draw. */
  origin: string;
  /** Where it is not known, the command says where to put it. */
  apiKey?: string | undefined;
}

/** @param queue the example's has the example's worker; every other one a file that the reader has */
export function workerCommand({ queue, ...settings }: Settings & { queue: string }): string {
  const file = queue === EXAMPLE_QUEUE ? "examples/first-order/worker.ts" : "worker.ts";
  return `${workerSettings(settings)} npx tsx ${file}`;
}

export function workerSettings({ origin, apiKey = "<your key>" }: Settings): string {
  return `CEREBELUM_URL=${origin} CEREBELUM_API_KEY=${apiKey}`;
}
