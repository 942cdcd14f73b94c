/** Whether a worker can take work: by word and tone. */
import { workerTexts } from "@/lib/client/texts/workers";
import type { Worker } from "@/lib/contract/workers";

const TONES = { online: "completed", draining: "paused", offline: "skipped" };

export function WorkerState({ state }: Pick<Worker, "state">) {
  return (
    <span data-status={TONES[state]} className="inline-flex items-center gap-1.5 whitespace-nowrap text-tone">
      <span aria-hidden className="size-1.5 rounded-full bg-tone-fill" />
      {workerTexts.states[state]}
    </span>
  );
}
