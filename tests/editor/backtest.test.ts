/** Recorded executions replayed against a draft: the same way, another one, or a result that nobody recorded. */
import { describe, expect, it } from "vitest";
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { Trial } from "@/lib/contract/trials";
import { type Backtested, backtest, replay } from "@/lib/editor/backtest/backtest";
import { largeValues, playable, type Recording } from "@/lib/editor/backtest/recording";
import { recordedHistories } from "../histories/recorded";
import { ran, TOOLS } from "./trial-tools";

const task = (id: string, more: object = {}): Node => ({ id, type: "task", task: id, ...more }) as Node;
const edge = (from: string, to: string, port?: string): Edge => ({ from, to, ...(port === undefined ? {} : { port }) });

const ORDER: Definition = {
  name: "order",
  nodes: [
    task("check", { input: { amount: "=input.amount" } }),
    { id: "large", type: "choice", cases: [{ port: "yes", when: "steps.check.output.amount > 100" }] },
    task("review", { input: null }),
    task("ship", { input: null }),
  ],
  edges: [
    edge("check", "large"),
    edge("large", "review", "yes"),
    edge("large", "ship", "otherwise"),
    edge("review", "ship"),
  ],
  output: { shipped: "=steps.ship.output" },
};

const STEPS: Trial["steps"] = {
  check: [{ output: { amount: 50 } }],
  review: [{ output: "fine" }],
  ship: [{ output: "box", took: "3s" }],
};

function recorded(definition: Definition, plan: Parameters<typeof ran>[1] = {}): Recording {
  const run = ran(definition, plan);
  return { id: "exe_1", history: run.history, values: run.values };
}

const small = () => recorded(ORDER, { input: { amount: 50 }, steps: STEPS });

function judged(definition: Definition, recording: Recording): Backtested {
  const result = backtest(definition, recording, TOOLS);
  if (!("group" in result)) throw new Error(`it was not replayed: ${JSON.stringify(result)}`);
  return result;
}

const withNode = (id: string, change: (node: Node) => Node): Definition => ({
  ...ORDER,
  nodes: ORDER.nodes.map((node) => (node.id === id ? change(node) : node)),
});

describe("a draft that says the same", () => {
  it("goes the same way", () => {
    expect(judged(ORDER, small())).toMatchObject({
      group: "same",
      recorded: { status: "completed" },
      divergence: null,
      missing: [],
      changedInputs: [],
      isOutputSame: true,
      fails: false,
    });
  });

  // What engine and local executor recorded of every kind of node, loop, map, poll, directive and compensation.
  it.each(
    recordedHistories().filter(([, { events }]) => {
      const isPlayable = "history" in playable({ id: "", history: events, values: new Map() });
      return isPlayable && !events.some(({ type }) => type === "ExecutionPaused");
    }),
  )("goes the same way as %s", (_, { definition, events }) => {
    const result = judged(definition, { id: "exe_1", history: events, values: new Map() });
    expect([result.group, result.divergence, result.missing]).toEqual(["same", null, []]);
  });
});

describe("a draft that decides otherwise", () => {
  const stricter = withNode(
    "large",
    (node) => ({ ...node, cases: [{ port: "yes", when: "steps.check.output.amount > 10" }] }) as Node,
  );

  it("is said to take another port, and to lack what was never run", () => {
    expect(judged(stricter, small())).toMatchObject({
      group: "missing",
      divergence: { after: "check", step: "large", expected: { port: "otherwise" }, actual: { port: "yes" } },
      missing: ["review"],
    });
  });

  it("goes another way where all of that was recorded", () => {
    const recording = recorded(ORDER, {
      input: { amount: 150 },
      steps: { ...STEPS, check: [{ output: { amount: 150 } }] },
    });
    const laxer = withNode(
      "large",
      (node) => ({ ...node, cases: [{ port: "yes", when: "steps.check.output.amount > 1000" }] }) as Node,
    );
    expect(judged(laxer, recording)).toMatchObject({
      group: "other",
      fails: false,
      divergence: { after: "check", step: "large", expected: { port: "yes" }, actual: { port: "otherwise" } },
      missing: [],
    });
  });
});

describe("a draft with another step", () => {
  it("waits for its result, by name", () => {
    const longer: Definition = {
      ...ORDER,
      nodes: [...ORDER.nodes, task("notify", { input: null })],
      edges: [...ORDER.edges, edge("ship", "notify")],
    };
    expect(judged(longer, small())).toMatchObject({ group: "missing", missing: ["notify"], divergence: null });
  });

  it("goes another way where nobody has to answer it", () => {
    const computing: Definition = {
      ...ORDER,
      nodes: [...ORDER.nodes, { id: "sum", type: "transform", value: 1 }],
      edges: [...ORDER.edges, edge("ship", "sum")],
    };
    expect(judged(computing, small())).toMatchObject({
      group: "other",
      divergence: { after: "ship", step: "sum", expected: null, actual: { ended: "completed" } },
    });
  });
});

describe("a draft that fails", () => {
  it("where the recording did not, says why", () => {
    const broken: Definition = { ...ORDER, output: { shipped: "=steps.ship.output.nowhere" } };
    expect(judged(broken, small())).toMatchObject({
      group: "other",
      fails: true,
      replayed: { status: "failed", error: "EXPRESSION_ERROR" },
      divergence: null,
      message: expect.stringContaining("nowhere"),
    });
  });

  it("with fewer attempts than the recording needed", () => {
    const flaky = { error: { code: "DOWN", message: "down" } };
    const retried = recorded(ORDER, {
      input: { amount: 1 },
      steps: { ...STEPS, check: [flaky, flaky, { output: { amount: 50 } }] },
    });
    expect(judged(ORDER, retried).group).toBe("same");
    const hasty = withNode("check", (node) => ({ ...node, retry: { maxAttempts: 2 } }) as Node);
    expect(judged(hasty, retried)).toMatchObject({
      group: "other",
      fails: true,
      divergence: { after: null, step: "check", expected: { ended: "completed" }, actual: { ended: "failed" } },
    });
  });

  it("no more than the recording did is the same", () => {
    const failed = recorded(ORDER, {
      steps: { check: [{ error: { code: "NO", message: "no", retryable: false } }] },
      input: { amount: 1 },
    });
    expect(judged(ORDER, failed)).toMatchObject({ group: "same", fails: false, recorded: { status: "failed" } });
  });
});

describe("what a result depends on", () => {
  it("is named where it is another: the step's input", () => {
    const cents = withNode("check", (node) => ({ ...node, input: { amount: "=input.amount * 100" } }) as Node);
    expect(judged(cents, small())).toMatchObject({ group: "same", changedInputs: ["check"] });
  });

  it("is judged by the schema before anything runs", () => {
    const strict: Definition = { ...ORDER, inputSchema: { type: "object", required: ["currency"] } };
    expect(backtest(strict, small(), TOOLS)).toMatchObject({ refused: expect.stringContaining("currency") });
  });
});

describe("time", () => {
  const LATE: Definition = {
    name: "late",
    nodes: [
      task("fetch", { input: null }),
      { id: "word", type: "signal", signal: "word", timeout: "1h" },
      task("go", { input: null }),
    ],
    edges: [edge("fetch", "word"), edge("word", "go")],
  };

  it("that a step waited for a worker counts: a signal that came in time comes in time", () => {
    const run = ran(LATE, {
      input: null,
      steps: { fetch: [{ output: 1, took: "2h" }], go: [{ output: 2 }] },
      signals: [{ signal: "word", after: "150m" }],
    });
    // As a server writes it: two hours in the queue, no time at work.
    const queued = run.history.map((event) =>
      event.type === "StepCompleted" && event.data.node === "fetch"
        ? { ...event, data: { ...event.data, queuedMs: 7_200_000, ranMs: 0 } }
        : event,
    ) as HistoryEvent[];
    const recording = { id: "exe_1", history: queued, values: run.values };
    expect(judged({ ...LATE, nodes: LATE.nodes }, recording)).toMatchObject({ group: "same" });
    // Without the time in the queue the wait would begin two hours earlier, and be over before the word comes.
    const unqueued = queued.map((event) =>
      event.type === "StepCompleted" ? { ...event, data: { ...event.data, queuedMs: 0 } } : event,
    ) as HistoryEvent[];
    expect(judged(LATE, { ...recording, history: unqueued }).group).not.toBe("same");
  });

  it("of a sleep costs nothing and is in the replay all the same", () => {
    const nap: Definition = {
      name: "nap",
      nodes: [{ id: "nap", type: "sleep", duration: "3d" }, task("go", { input: null })],
      edges: [edge("nap", "go")],
    };
    const recording = recorded(nap, { steps: { go: [{ output: 1 }] } });
    const { history, result } = replay(nap, recording, TOOLS);
    expect(result).toMatchObject({ group: "same" });
    expect(history.map(({ at }) => at)).toEqual(recording.history.map(({ at }) => at));
  });
});

describe("people and children", () => {
  const ASK: Definition = {
    name: "ask",
    nodes: [
      { id: "may", type: "approval", title: "May it?", timeout: "2d" },
      { id: "child", type: "workflow", workflow: "other", input: null },
    ],
    edges: [edge("may", "child")],
  };
  const recording = recorded(ASK, {
    approvals: { may: [{ decision: "approved", comment: "yes", after: "1d" }] },
    children: { child: [{ output: 7, took: "1h" }] },
  });

  it("answer as they did, as late as they did", () => {
    expect(judged(ASK, recording)).toMatchObject({ group: "same" });
  });

  it("are too late for a shorter deadline", () => {
    const hasty: Definition = {
      ...ASK,
      nodes: ASK.nodes.map((node) => (node.id === "may" ? { ...node, timeout: "1h" } : node) as Node),
    };
    expect(judged(hasty, recording)).toMatchObject({
      group: "other",
      fails: true,
      divergence: { step: "may", expected: { ended: "completed" }, actual: { ended: "failed" } },
    });
  });

  it("are missing where nobody was asked", () => {
    const asking: Definition = {
      ...ORDER,
      nodes: [...ORDER.nodes, { id: "may", type: "approval", title: "May it?" }],
      edges: [...ORDER.edges, edge("ship", "may")],
    };
    expect(judged(asking, small())).toMatchObject({ group: "missing", missing: ["may"] });
  });
});

describe("what nobody answered", () => {
  const RACE: Definition = {
    name: "race",
    nodes: [
      task("quick", { input: null }),
      task("slow", { input: null }),
      { id: "first", type: "transform", value: 1, join: "any" },
    ],
    edges: [edge("quick", "first"), edge("slow", "first")],
  };
  const recording = recorded(RACE, {
    steps: { quick: [{ output: 1, took: "5s" }], slow: [{ output: 2, took: "10s" }] },
  });

  it("in the recording either may stay open while time passes", () => {
    expect(judged(RACE, recording)).toMatchObject({ group: "same", missing: [] });
  });

  it("is missing where the draft needs it", () => {
    const all: Definition = {
      ...RACE,
      nodes: RACE.nodes.map((node) => (node.id === "first" ? { ...node, join: "all" } : node)),
    };
    expect(judged(all, recording)).toMatchObject({ group: "missing", missing: ["slow"] });
  });

  it("does not time out as if it had been asked for and lost", () => {
    const patient = task("audit", { input: null, timeout: { attempt: "1s" }, retry: { maxAttempts: 1 } });
    const audited: Definition = {
      ...ORDER,
      nodes: [...ORDER.nodes, patient],
      edges: [...ORDER.edges, edge("check", "audit")],
    };
    expect(judged(audited, small())).toMatchObject({ group: "missing", missing: ["audit"] });
  });

  it("is a signal that never came", () => {
    const told: Definition = {
      ...ORDER,
      nodes: [...ORDER.nodes, { id: "word", type: "signal", signal: "word" }],
      edges: [...ORDER.edges, edge("ship", "word")],
    };
    expect(judged(told, small())).toMatchObject({ group: "missing", missing: ["word"] });
  });
});

describe("what cannot be replayed", () => {
  const events = small().history;

  it("says why", () => {
    expect(playable({ id: "", history: events.slice(0, -1), values: new Map() })).toEqual({ unplayable: "open" });
    const forked = [...events, { ...events[0], type: "ExecutionForked" }] as HistoryEvent[];
    expect(playable({ id: "", history: forked, values: new Map() })).toEqual({ unplayable: "forked" });
  });

  it("waits for the large values that its history names", () => {
    const text = "x".repeat(40_000);
    const recording = recorded(ORDER, { input: { amount: 1, text }, steps: STEPS });
    expect(largeValues(recording.history)).toHaveLength(1);
    expect(judged(ORDER, recording).group).toBe("same");
    expect(backtest(ORDER, { ...recording, values: new Map() }, TOOLS)).toEqual({ unplayable: "values" });
  });

  it("is compared until it was retried by hand", () => {
    const [, retry] = recordedHistories().find(([file]) => file === "retry.json") ?? [];
    if (retry === undefined) throw new Error("there is no recorded retry");
    const result = judged(retry.definition, { id: "", history: retry.events, values: new Map() });
    expect(result).toMatchObject({ group: "same", isCut: true, recorded: { status: "failed" } });
  });

  it("is a draft that is no workflow", () => {
    const broken: Definition = { ...ORDER, edges: [...ORDER.edges, edge("ship", "nowhere")] };
    expect(backtest(broken, small(), TOOLS)).toEqual({ invalid: true });
  });
});
