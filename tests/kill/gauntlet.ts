// A workflow with a step after everything that an execution can wait for, and what its history and its effects must be.
import type { Client, Definition, HistoryEvent } from "@cerebelum/sdk";
import { fail, step, Worker } from "@cerebelum/sdk";
import { expect } from "vitest";

const QUEUE = "gauntlet";
/** Above what lies in an event itself. */
const BALLAST = "x".repeat(40_000);

const effect = (id: string, more: object = {}) => ({
  id,
  type: "task" as const,
  task: "effect",
  queue: QUEUE,
  ...more,
});
const small = { input: { small: true } };

const CHILD: Definition = {
  name: "gauntlet_child",
  nodes: [{ id: "rest", type: "sleep", duration: "=input.nap" }, effect("in_child", small)],
  edges: [{ from: "rest", to: "in_child" }],
};

const GAUNTLET: Definition = {
  name: "gauntlet",
  nodes: [
    effect("reserve", { compensate: { task: "undo" } }),
    { id: "nap", type: "sleep", duration: "=input.nap" },
    effect("after_nap", small),
    { id: "gate", type: "approval" },
    effect("after_gate", small),
    { id: "hear", type: "signal", signal: "go" },
    effect("after_signal", small),
    { id: "kid", type: "workflow", workflow: "gauntlet_child", input: { nap: "=input.nap" } },
    effect("after_child", small),
    {
      id: "each",
      type: "map",
      items: "=[1, 2, 3]",
      body: { task: "effect", queue: QUEUE, input: "=item", concurrencyKey: "=execution.id", concurrencyLimit: 2 },
    },
    effect("turn", small),
    { id: "again", type: "choice", cases: [{ port: "yes", when: "loop.iteration < 3" }] },
    { id: "undone", type: "choice", cases: [{ port: "yes", when: "input.undo" }] },
    { id: "give_up", type: "fail", code: "PLANNED" },
    effect("last", small),
  ] as Definition["nodes"],
  edges: [
    ...[
      "nap",
      "after_nap",
      "gate",
      "after_gate",
      "hear",
      "after_signal",
      "kid",
      "after_child",
      "each",
      "turn",
      "again",
    ].map((to, i, all) => ({ from: all[i - 1] ?? "reserve", to })),
    { from: "again", port: "yes", to: "turn", loop: { maxIterations: 3 } },
    { from: "again", port: "otherwise", to: "undone" },
    { from: "undone", port: "yes", to: "give_up" },
    { from: "undone", port: "otherwise", to: "last" },
  ],
};

/** Fails for good at the first run of its step, and is retried. */
const SECOND_TRY: Definition = {
  name: "second_try",
  nodes: [effect("flaky", small)] as Definition["nodes"],
  edges: [],
};

/** The task steps of a run, and how often each is run, dispatched and completed: once. */
const STEPS = [
  ...["reserve", "after_nap", "after_gate", "after_signal", "after_child"].map((node) => `${node}#1`),
  ...[0, 1, 2].map((i) => `each/each.item#1[${i}]`),
  ...[1, 2, 3].map((turn) => `turn#${turn}`),
];

export class Effects {
  /** What was done to the outside world, by execution, and then by idempotency key: one entry for each run of a handler. */
  readonly #done = new Map<string, string[]>();
  readonly #failed = new Set<string>();
  readonly #workers: Worker[];

  constructor({ url, apiKey }: { url: string; apiKey: string }, workers = 1) {
    const run = step("effect", (_: unknown, ctx) => {
      this.note(ctx.executionId, ctx.idempotencyKey);
      if (ctx.node !== "flaky" || this.#failed.has(ctx.executionId)) return null;
      this.#failed.add(ctx.executionId);
      return fail({ code: "FIRST_TIME", message: "The first time it fails", retryable: false });
    });
    const undo = step("undo", (_: unknown, ctx) => {
      this.note(ctx.executionId, ctx.idempotencyKey);
      return null;
    });
    const options = { url, apiKey, steps: [run, undo], queues: [QUEUE], log: () => {} };
    this.#workers = Array.from({ length: workers }, () => new Worker(options));
  }

  start = () => Promise.all(this.#workers.map((worker) => worker.start()));
  stop = () => Promise.all(this.#workers.map((worker) => worker.stop({ graceMs: 0 })));

  note(executionId: string, key: string): void {
    this.#done.set(executionId, [...(this.#done.get(executionId) ?? []), key]);
  }

  of(executionId: string): string[] {
    return this.#done.get(executionId) ?? [];
  }
}

export async function publishAll(client: Client): Promise<void> {
  for (const definition of [CHILD, GAUNTLET, SECOND_TRY]) await client.publish(definition);
}

export interface Run {
  undo: boolean;
  /** Of its sleep and of its child's. Default 40 ms. */
  nap?: string;
  /** Called while it sleeps, waits for its approval, its signal and its child. */
  whileItWaits?: (kind: "sleep" | "approval" | "signal" | "child") => Promise<void>;
}

/** Takes one execution through everything, and holds it to the model. */
export async function runGauntlet(client: Client, effects: Effects, run: Run): Promise<void> {
  const { undo, nap = "40ms", whileItWaits = async () => {} } = run;
  const { id } = await client.start({ workflow: "gauntlet", input: { undo, nap, ballast: BALLAST } });
  if (run.whileItWaits !== undefined) {
    await waitsFor(client, id, "sleep");
    await whileItWaits("sleep");
  }
  const gate = await waitsFor(client, id, "approval");
  await whileItWaits("approval");
  await client.pause(id);
  await client.resume(id);
  await client.approvals.decide(gate, "approved");
  if (run.whileItWaits !== undefined) {
    await waitsFor(client, id, "signal");
    await whileItWaits("signal");
  }
  await client.signal(id, "go", { now: true });
  if (run.whileItWaits !== undefined) {
    await waitsFor(client, id, "child");
    await whileItWaits("child");
  }
  expect(await client.result(id)).toMatchObject({ status: undo ? "failed" : "completed" });
  await holdToModel(client, effects, id, [...STEPS, ...(undo ? [] : ["last#1"])], undo ? ["reserve#1"] : []);
  const { items } = await client.list({ parent: id });
  expect(items).toHaveLength(1);
  await holdToModel(client, effects, items[0]?.id ?? "", ["in_child#1"], []);
}

/** One that fails, is retried, and then forked from its beginning. */
export async function runSecondTry(client: Client, effects: Effects): Promise<void> {
  const { id } = await client.start({ workflow: "second_try" });
  expect(await client.result(id)).toMatchObject({ status: "failed" });
  await client.retry(id);
  expect(await client.result(id)).toMatchObject({ status: "completed" });
  const { items } = await client.deadLetters.list({ workflow: "second_try" });
  expect(items.filter(({ executionId }) => executionId === id)).toMatchObject([{ status: "retried" }]);
  expect(effects.of(id)).toHaveLength(2);
  expect(await client.verify(id)).toMatchObject({ consistent: true, differences: [] });
  const fork = await client.fork(id, { at: 1 });
  await client.result(fork.id);
  expect(await client.verify(fork.id)).toMatchObject({ consistent: true, differences: [] });
}

/** The id of the approval, where it is one. */
async function waitsFor(client: Client, id: string, kind: string): Promise<string> {
  if (kind === "approval") {
    const pending = async () => (await client.approvals.list({ execution: id, status: "pending" })).items;
    await expect.poll(async () => (await pending()).length, { timeout: 60_000 }).toBe(1);
    return (await pending())[0]?.id ?? "";
  }
  const waiting = async () => ((await client.get(id)).waitingFor ?? []).map((wait) => wait.kind);
  await expect.poll(waiting, { timeout: 60_000 }).toContain(kind);
  return "";
}

async function holdToModel(
  client: Client,
  effects: Effects,
  id: string,
  steps: readonly string[],
  compensated: readonly string[],
): Promise<void> {
  const history = await client.history(id);
  expect(history.map(({ sequence }) => sequence)).toEqual(history.map((_, i) => i + 1));
  expect(stepsOf(history, "StepScheduled")).toEqual([...steps].sort());
  const onTasks = stepsOf(history, "StepCompleted").filter((name) => steps.includes(name));
  expect(onTasks).toEqual([...steps].sort());
  expect(stepsOf(history, "CompensationCompleted")).toEqual(compensated);
  expect(stepsOf(history, "StepAttemptFailed")).toEqual([]);
  const done = effects.of(id);
  expect(done).toHaveLength(steps.length + compensated.length);
  expect(new Set(done).size).toBe(done.length);
  expect(await client.verify(id)).toMatchObject({ consistent: true, differences: [] });
}

function stepsOf(history: readonly HistoryEvent[], type: string): string[] {
  return history.flatMap((event) => (event.type === type ? [nameOf(event)] : [])).sort();
}

function nameOf({ data }: HistoryEvent): string {
  const { node, iteration, index } = data as { node: string; iteration: number; index?: number[] };
  return `${node}#${iteration}${index === undefined ? "" : `[${index.join(",")}]`}`;
}
