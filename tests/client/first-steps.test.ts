/** The first steps tick by facts alone, and only the example's own facts count for the example. */
import { describe, expect, it } from "vitest";
import { type Facts, progressOf } from "@/lib/client/first-steps";

const EXAMPLE = { workflow: "first_order", queue: "first_order", approval: "sign_off" };
const NOTHING: Facts = { workflows: [], workers: [], hasExecutions: false, execution: null };
const worker = (state: "online" | "offline", queue: string) => ({ state, queues: [queue] });
const asking = { status: "waiting" as const, steps: [{ node: "sign_off", status: "waiting" as const }] };

const done = (facts: Partial<Facts>) =>
  progressOf({ ...NOTHING, ...facts }, EXAMPLE)
    .steps.filter(({ isDone }) => isDone)
    .map(({ name }) => name);

describe("in an empty namespace", () => {
  it("all are to be done, publishing first", () => {
    const progress = progressOf(NOTHING, EXAMPLE);
    expect(progress).toMatchObject({ isExample: true, current: "published" });
    expect(progress.steps.map(({ name }) => name)).toEqual(["published", "worker", "started", "approved"]);
  });
});

describe("with the example", () => {
  const workflows = ["first_order"];

  it("publishing ticks, and a worker of another queue or one that is gone does not", () => {
    expect(done({ workflows })).toEqual(["published"]);
    expect(done({ workflows, workers: [worker("online", "other")] })).toEqual(["published"]);
    expect(done({ workflows, workers: [worker("offline", "first_order")] })).toEqual(["published"]);
    expect(done({ workflows, workers: [worker("online", "first_order")] })).toEqual(["published", "worker"]);
  });

  it("an execution of somebody else starts nothing here", () => {
    expect(done({ workflows, hasExecutions: true })).toEqual(["published"]);
  });

  it("is started while it asks, and approved once the step has ended", () => {
    expect(done({ workflows, hasExecutions: true, execution: asking })).toEqual(["published", "started"]);
    const decided = { ...asking, steps: [{ node: "sign_off", status: "completed" as const }] };
    const progress = progressOf({ ...NOTHING, workflows, hasExecutions: true, execution: decided }, EXAMPLE);
    expect(progress.current).toBeNull();
  });

  it("is through when it closed, however it did", () => {
    const execution = { status: "cancelled" as const, steps: [] };
    expect(progressOf({ ...NOTHING, workflows, hasExecutions: true, execution }, EXAMPLE).current).toBeNull();
  });
});

describe("where somebody published workflows of their own", () => {
  it("no example is offered: a worker of any queue and any execution will do", () => {
    const progress = progressOf({ ...NOTHING, workflows: ["billing"], workers: [worker("online", "any")] }, EXAMPLE);
    expect(progress.isExample).toBe(false);
    expect(progress.current).toBe("started");
    expect(progress.steps.map(({ name }) => name)).toEqual(["published", "worker", "started"]);
  });
});
