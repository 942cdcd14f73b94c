/** The examples: the onboarding runs as its README says, and what judges a WfFormat run would notice a wrong one. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { checkHistory, criticalPathMs } from "@/examples/wfformat/check-history";
import { definitionOf, recordedTasks } from "@/examples/wfformat/import-wfformat";
import { type HistoryEvent, step, workflow } from "@/worker-sdk/src/index";

const DIAMOND = {
  name: "diamond",
  workflow: {
    specification: {
      tasks: [
        { id: "split.1-a" },
        { id: "left one", parents: ["split.1-a"] },
        { id: "left_one", parents: ["split.1-a"] },
        { id: "join", parents: ["left one", "left_one"] },
      ],
    },
    execution: {
      tasks: [
        { id: "split.1-a", runtimeInSeconds: 2 },
        { id: "left one", runtimeInSeconds: 3.5 },
      ],
    },
  },
};

describe("a WfFormat document", () => {
  const tasks = recordedTasks(DIAMOND, 0.01);

  it("becomes a node for each task, with ids that are valid and stay apart, and an edge for each parent", () => {
    expect(definitionOf("a diamond", tasks)).toMatchObject({
      name: "a_diamond",
      nodes: [
        { id: "split.1-a", type: "task", task: "run", input: { runtimeMs: 20 } },
        { id: "left_one", input: { runtimeMs: 35 } },
        { id: "left_one_2", input: { runtimeMs: 0 } },
        { id: "join", input: { runtimeMs: 0 } },
      ],
      edges: [
        { from: "split.1-a", to: "left_one" },
        { from: "split.1-a", to: "left_one_2" },
        { from: "left_one", to: "join" },
        { from: "left_one_2", to: "join" },
      ],
    });
    expect(criticalPathMs(tasks)).toBe(55);
  });

  it("is refused where it is none, or names a parent that is not there", () => {
    expect(() => recordedTasks({ name: "x", workflow: {} } as never, 1)).toThrow(/no WfFormat/);
    const orphan = { name: "x", workflow: { specification: { tasks: [{ id: "a", parents: ["b"] }] } } };
    expect(() => recordedTasks(orphan, 1)).toThrow(/parent b/);
  });
});

describe("the judge of a history", () => {
  const tasks = [
    { node: "a", parents: [], runtimeMs: 1 },
    { node: "b", parents: ["a"], runtimeMs: 1 },
  ];
  const history = async () => {
    const events: HistoryEvent[] = [];
    const run = (name: string) => step(name, async () => null);
    await workflow("w")
      .timeline(run("a"), run("b"))
      .execute(null, { onEvent: (event) => events.push(event) });
    return events;
  };
  const renumbered = (events: HistoryEvent[]) => events.map((event, i) => ({ ...event, sequence: i + 1 }));
  const find = (events: HistoryEvent[], type: string, node: string) =>
    events.findIndex((event) => event.type === type && "node" in event.data && event.data.node === node);

  it("finds nothing wrong with a right one", async () => {
    const report = checkHistory(tasks, await history());
    expect(report).toMatchObject({ problems: [], dispatches: 2, mostAtOnce: 1 });
  });

  it("finds a task that completed twice, never, or was dispatched before its parent", async () => {
    const events = await history();
    const done = find(events, "StepCompleted", "b");
    const twice = renumbered(events.toSpliced(done, 0, events[done] as HistoryEvent));
    expect(checkHistory(tasks, twice).problems).toEqual(["b completed 2 times"]);
    expect(checkHistory(tasks, renumbered(events.toSpliced(done, 1))).problems).toEqual(["b completed 0 times"]);
    const [dispatch] = events.splice(find(events, "StepScheduled", "b"), 1);
    const early = renumbered(events.toSpliced(1, 0, dispatch as HistoryEvent));
    expect(checkHistory(tasks, early).problems).toEqual(["b was dispatched before a completed"]);
  });

  it("finds a gap", async () => {
    const events = await history();
    expect(checkHistory([], events.toSpliced(2, 1)).problems[0]).toBe("Event 3 has the sequence 4");
  });
});

describe("the onboarding", () => {
  const run = (user: string) =>
    promisify(execFile)(process.execPath, ["--import", "tsx", "examples/onboarding/onboarding.ts", user], {
      env: { ...process.env, COOL_OFF: "1ms" },
    });

  it("welcomes an adult and asks a child's parent", async () => {
    expect((await run("ada")).stdout).toContain('"Welcome, Ada" went to ada@example.com');
    expect((await run("tim")).stdout).toContain('"May Tim join?" went to parents.of.tim@example.com');
  });

  it("fails for somebody unknown, and says why", async () => {
    await expect(run("nobody")).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("USER_NOT_FOUND") });
  });
});
