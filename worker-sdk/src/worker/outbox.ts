/** Results until the server has acknowledged them: batched as they come, kept through every outage. */
import type { Ack } from "@/lib/contract/workers";
import type { Outcome } from "../handler/outcome";

export interface TaskHandle {
  taskId: string;
  leaseToken: string;
}

export interface PendingResult extends TaskHandle {
  /** JSON text of the whole result. */
  text: string;
  /** It goes in a call of its own, because a call that carried it was refused. */
  alone: boolean;
}

const BATCH_RESULTS = 500;
/** Well below what a request body may be, and enough to keep a call short. */
const BATCH_CHARACTERS = 2 * 1024 * 1024;

export class Outbox {
  private readonly waiting: PendingResult[] = [];
  private readonly unacknowledged = new Map<string, PendingResult>();

  /** How many results the server has not acknowledged. */
  get size(): number {
    return this.unacknowledged.size;
  }

  get hasWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** @param rest what the result carries beside the outcome, as members of its JSON, each with a comma before it */
  add(handle: TaskHandle, outcome: Outcome, rest = ""): void {
    const result = pendingResult(handle, outcome, rest);
    this.unacknowledged.set(handle.leaseToken, result);
    this.waiting.push(result);
  }

  has(handle: TaskHandle): boolean {
    return this.unacknowledged.has(handle.leaseToken);
  }

  handles(): Iterable<TaskHandle> {
    return this.unacknowledged.values();
  }

  /** What goes into the next call, in the order in which it came. */
  take(): PendingResult[] {
    let count = 0;
    let characters = 0;
    for (const result of this.waiting) {
      characters += result.text.length;
      if (count > 0 && (result.alone || characters > BATCH_CHARACTERS || count === BATCH_RESULTS)) break;
      count++;
      if (result.alone) break;
    }
    return this.waiting.splice(0, count);
  }

  /** Forgets what the answer speaks of: accepted or not, it is settled. What it leaves out waits again; gives how many. */
  settle(batch: readonly PendingResult[], acks: readonly Ack[]): number {
    const answered = new Set(acks.map(({ taskId }) => taskId));
    const left = batch.filter(({ taskId }) => !answered.has(taskId));
    for (const result of batch) if (answered.has(result.taskId)) this.unacknowledged.delete(result.leaseToken);
    this.waiting.push(...left);
    return left.length;
  }

  /**
   * The call with this batch was refused as such: each result goes alone, so that only the guilty one is refused again;
   * that one becomes a failure with the refusal's words, and if even that is refused it is dropped and returned.
   */
  refuse(batch: readonly PendingResult[], code: string, message: string): PendingResult | undefined {
    const [only] = batch;
    if (batch.length > 1 || only === undefined) {
      this.waiting.unshift(...batch.map((result) => ({ ...result, alone: true })));
      return undefined;
    }
    const failure = pendingResult(only, { status: "failed", error: { code, message, retryable: false } });
    if (failure.text === only.text) {
      this.unacknowledged.delete(only.leaseToken);
      return only;
    }
    this.waiting.unshift({ ...failure, alone: true });
    return undefined;
  }
}

function pendingResult({ taskId, leaseToken }: TaskHandle, outcome: Outcome, rest = ""): PendingResult {
  const { output, ...ending } = { output: undefined, ...outcome };
  const value = output === undefined ? "" : `,"output":${output}`;
  const text = `${JSON.stringify({ taskId, leaseToken, ...ending }).slice(0, -1)}${value}${rest}}`;
  return { taskId, leaseToken, text, alone: false };
}
