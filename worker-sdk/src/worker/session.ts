/**
 * A worker's standing with the server: registered once, again whenever the server does not know it, and every poll
 * repeated under its request id until it is answered, so that a lost answer loses neither results nor tasks.
 */
import { randomUUID } from "node:crypto";
import type { HeartbeatAnswer, PollAnswer, RegisterWorker, WorkerRegistered } from "@/lib/contract/workers";
import { type Backoff, backoffMs, isTransient, pause } from "../remote/backoff";
import { type Answer, type Request, refusalOf, type Transport, UnreachableError } from "../remote/transport";
import type { Log } from "./log";

/** Beyond the time that the server was asked to wait, before a call counts as lost. */
const ANSWER_MS = 10_000;
const LEAVE_MS = 3_000;

export interface Ask {
  capacity: number;
  waitMs: number;
  /** JSON text of each result. */
  results: readonly string[];
}

export class Session {
  private current: WorkerRegistered | null = null;
  private registering: Promise<WorkerRegistered> | null = null;
  private troubled = false;
  /** Of the last registration. */
  heartbeatIntervalMs = 3_000;

  constructor(
    private readonly transport: Transport,
    private readonly registration: RegisterWorker,
    private readonly backoff: Backoff,
    private readonly log: Log,
    /** The worker is gone: nothing is tried any longer. */
    private readonly ended: AbortSignal,
  ) {}

  /** Registers; waits for a server that is away. @throws CerebelumError when the server refuses, for a wrong key or a wrong name. */
  async register(): Promise<WorkerRegistered> {
    if (this.current !== null) return this.current;
    this.registering ??= this.registerOnce().finally(() => {
      this.registering = null;
    });
    this.current = await this.registering;
    this.heartbeatIntervalMs = this.current.heartbeatIntervalMs;
    return this.current;
  }

  /**
   * The answer, however often it takes to get it; null once the signal says to stop asking.
   * @throws CerebelumError when the server refuses the call as such.
   */
  async poll(ask: Ask, signal: AbortSignal): Promise<PollAnswer | null> {
    let requestId = randomUUID();
    for (let repetition = 0; !signal.aborted; repetition++) {
      const worker = await this.registered();
      if (worker === null) return null;
      const answer = await this.attempt(pollRequest(worker, requestId, ask, signal));
      if (answer?.status === 200) return answer.body as PollAnswer;
      if (signal.aborted) return null;
      if (this.isForgotten(answer, worker)) {
        requestId = randomUUID();
        if (repetition === 0) continue;
      } else if (answer !== null && isRefusal(answer)) throw refusalOf(answer);
      await pause(backoffMs(this.backoff, repetition, answer?.retryAfterMs), signal);
    }
    return null;
  }

  /** One heartbeat, not repeated: the next one says the same. Null where no answer came. */
  async heartbeat(body: string): Promise<HeartbeatAnswer | null> {
    const worker = await this.registered();
    if (worker === null) return null;
    const path = `/workers/${worker.workerId}/heartbeat`;
    const timeoutMs = Math.max(worker.heartbeatIntervalMs, 1_000);
    const answer = await this.attempt({ method: "POST", path, body, signal: this.ended, timeoutMs });
    if (answer?.status === 200) return answer.body as HeartbeatAnswer;
    this.isForgotten(answer, worker);
    return null;
  }

  /** Tells the server that this worker is gone, so that what it still holds goes to others at once. */
  async leave(): Promise<void> {
    if (this.current === null) return;
    const path = `/workers/${this.current.workerId}`;
    this.current = null;
    await this.attempt({ method: "DELETE", path, timeoutMs: LEAVE_MS });
  }

  private async registered(): Promise<WorkerRegistered | null> {
    for (let repetition = 0; !this.ended.aborted; repetition++) {
      try {
        return await this.register();
      } catch (error) {
        if (this.ended.aborted) return null;
        this.log("error", "The server refuses this worker; trying again", { error });
        await pause(backoffMs({ ...this.backoff, initialMs: this.backoff.maxMs }, repetition), this.ended);
      }
    }
    return null;
  }

  private async registerOnce(): Promise<WorkerRegistered> {
    const signal = this.ended;
    const body = JSON.stringify(this.registration);
    for (let repetition = 0; ; repetition++) {
      signal.throwIfAborted();
      const answer = await this.attempt({ method: "POST", path: "/workers", body, signal, timeoutMs: ANSWER_MS });
      if (answer !== null && answer.status < 300) return answer.body as WorkerRegistered;
      if (answer !== null && !isTransient(answer)) throw refusalOf(answer);
      await pause(backoffMs(this.backoff, repetition, answer?.retryAfterMs), signal);
    }
  }

  /** Null where no answer came; says once that the server is away, and once that it is back. */
  private async attempt(request: Request): Promise<Answer | null> {
    try {
      const answer = await this.transport.call(request);
      const fine = !isTransient(answer);
      if (!fine && !this.troubled) this.log("warn", `The server answers ${answer.status}; trying again`, {});
      if (fine && this.troubled) this.log("info", "The server answers again", {});
      this.troubled = !fine;
      return answer;
    } catch (error) {
      if (request.signal?.aborted) return null;
      if (!(error instanceof UnreachableError)) throw error;
      if (!this.troubled) this.log("warn", `${error.message}; trying again`, {});
      this.troubled = true;
      return null;
    }
  }

  /** The server does not know that worker: whoever calls next registers anew. */
  private isForgotten(answer: Answer | null, worker: WorkerRegistered): boolean {
    if (answer?.status !== 404) return false;
    if (this.current?.workerId === worker.workerId) {
      this.log("info", "The server does not know this worker any longer; registering again", {});
      this.current = null;
    }
    return true;
  }
}

/** A credential that fails now may be put right, and a result must not be lost to it. */
function isRefusal(answer: Answer): boolean {
  return !isTransient(answer) && answer.status !== 401 && answer.status !== 403;
}

function pollRequest(worker: WorkerRegistered, requestId: string, ask: Ask, signal: AbortSignal): Request {
  const { capacity, waitMs, results } = ask;
  const head = JSON.stringify({ requestId, capacity, waitMs });
  const body = results.length === 0 ? head : `${head.slice(0, -1)},"results":[${results.join(",")}]}`;
  return { method: "POST", path: `/workers/${worker.workerId}/poll`, body, signal, timeoutMs: waitMs + ANSWER_MS };
}
