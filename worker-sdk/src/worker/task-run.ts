/** One task that this worker runs: its handler, its abort signal, and what the next heartbeat says of it. */
import type { Task } from "@/lib/contract/workers";
import type { AnyStep, StepContext } from "../dsl/step";
import { serialise } from "../handler/payload";
import { type Outcome, runHandler } from "../handler/run-handler";
import type { JsonValue } from "../types";

export class TaskRun {
  private readonly controller = new AbortController();
  private details: { value: JsonValue } | null = null;

  constructor(
    readonly task: Task,
    private readonly step: AnyStep,
    private readonly onHeartbeat: () => void,
  ) {}

  /** Whether nobody waits for its result any longer: it is neither named nor sent. */
  get isAbandoned(): boolean {
    return this.controller.signal.aborted;
  }

  run(): Promise<Outcome> {
    return runHandler(this.step, this.task.input as JsonValue, this.context());
  }

  /** Tells the handler to stop, and why. */
  abandon(why: string): void {
    this.controller.abort(new DOMException(why, "AbortError"));
  }

  /** The latest details, once each. */
  takeDetails(): { details?: JsonValue } {
    const { details } = this;
    this.details = null;
    return details === null ? {} : { details: details.value };
  }

  private context(): StepContext {
    const { executionId, workflow, node, iteration, attempt, idempotencyKey, context, heartbeatDetails } = this.task;
    return {
      executionId,
      workflow,
      node,
      iteration,
      attempt,
      idempotencyKey,
      signal: this.controller.signal,
      heartbeat: (details) => {
        if (details !== undefined)
          this.details = { value: JSON.parse(serialise(details, "Heartbeat details")) as JsonValue };
        this.onHeartbeat();
      },
      heartbeatDetails,
      context: context as StepContext["context"],
    };
  }
}
