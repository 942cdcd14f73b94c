// A client that starts executions, works on them and controls them, over HTTP alone.
import { expect } from "vitest";
import { type Execution, executionSchema } from "@/lib/contract/executions";
import type { TestAnswer, TestServer } from "./support";

// biome-ignore lint/suspicious/noExplicitAny: tasks and events as the wire has them
export type Wire = any;

const once = { maxAttempts: 1 };
export const task = (id: string, more: object = {}) => ({ id, type: "task", task: id, retry: once, ...more });
export const chain = (...ids: string[]) => ids.slice(1).map((to, i) => ({ from: ids[i], to }));
export const refusal = (status: number, code: string) => ({ status, body: { code } });

let names = 0;

export class TestClient {
  constructor(readonly server: () => TestServer) {}

  call: TestServer["call"] = (...call) => this.server().call(...call);

  /** Under a name of its own, its tasks on a queue of its own, so that no test is given another's work. */
  async publish(definition: object): Promise<{ workflow: string; queue: string }> {
    names += 1;
    const [workflow, queue] = [`controlled_${names}`, `queue_${names}`];
    const published = await this.call("POST", "workflows", {
      definition: { name: workflow, edges: [], ...definition, defaults: { queue } },
    });
    expect(published.status, JSON.stringify(published.body)).toBe(201);
    return { workflow, queue };
  }

  async start(workflow: string, more: object = {}): Promise<string> {
    const started = await this.call("POST", "executions", { workflow, ...more });
    expect(started.status, JSON.stringify(started.body)).toBe(201);
    return started.body.id;
  }

  /** @param key sent as `Idempotency-Key` */
  post(id: string, verb: string, body: object = {}, key?: string): Promise<TestAnswer> {
    return this.call("POST", `executions/${id}/${verb}`, body, keyed(key));
  }

  async read(id: string): Promise<Execution> {
    return executionSchema.parse((await this.call("GET", `executions/${id}`)).body);
  }

  async events(id: string): Promise<Wire[]> {
    return (await this.call("GET", `executions/${id}/events?limit=200`)).body.items;
  }

  async eventTypes(id: string): Promise<string[]> {
    return (await this.events(id)).map(({ type }) => type);
  }

  async worker(queue: string, ...tasks: string[]): Promise<TestWorker> {
    const body = { queues: [queue], tasks, language: "curl", sdkVersion: "1", capacity: 10 };
    return new TestWorker(this.server(), (await this.call("POST", "workers", body)).body.workerId);
  }
}

export function keyed(key: string | undefined) {
  return key === undefined ? {} : { headers: { "idempotency-key": key } };
}

/** Takes and answers tasks one call at a time. */
export class TestWorker {
  constructor(
    readonly server: TestServer,
    readonly id: string,
  ) {}

  /** Waits until there is one. */
  async take(capacity = 10): Promise<Wire[]> {
    return (await this.server.call("POST", `workers/${this.id}/poll`, { capacity, waitMs: 5000 })).body.tasks;
  }

  /** @returns the tasks that came with the answer */
  async complete(task: Wire, output: unknown = null): Promise<Wire[]> {
    return this.#answer(task, { status: "completed", output });
  }

  async fail(task: Wire): Promise<Wire[]> {
    return this.#answer(task, { status: "failed", error: { code: "BROKEN", message: "it broke" } });
  }

  async #answer(task: Wire, outcome: object): Promise<Wire[]> {
    const results = [{ taskId: task.taskId, leaseToken: task.leaseToken, ...outcome }];
    const { body } = await this.server.call("POST", `workers/${this.id}/poll`, { capacity: 10, results });
    expect(body.acks, JSON.stringify(body)).toMatchObject([{ status: "accepted" }]);
    return body.tasks;
  }
}
