/** Trials of each thing that a workflow does, with what must come of them. */
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import type { Trial } from "@/lib/contract/trials";

export const task = (id: string, more: object = {}): Node => ({ id, type: "task", task: id, ...more }) as Node;
/** `a > b`, `a.yes > b`. */
export const edges = (...texts: string[]): Edge[] =>
  texts.map((text) => {
    const [source = "", to = ""] = text.split(" > ");
    const [from = "", port] = source.split(".");
    return { from, ...(port === undefined ? {} : { port }), to };
  });
const flow = (nodes: Node[], ...links: (string | Edge)[]): Definition => ({
  name: "w",
  nodes,
  edges: links.flatMap((link) => (typeof link === "string" ? edges(link) : [link])),
});

export interface Case {
  readonly name: string;
  readonly definition: Definition;
  readonly plan: Partial<Trial>;
  /** Where it came to, in order: `a completed`, `a failed`, `ask completed:expired`. */
  readonly path: readonly string[];
  /** How long it took. */
  readonly seconds: number;
}

const adult: Node = { id: "adult", type: "choice", cases: [{ port: "yes", when: "input.age >= 18" }] };
const out = (output: Trial["input"]) => ({ output: output ?? null });

export const CASES: readonly Case[] = [
  {
    name: "a branch and a sleep",
    definition: flow(
      [adult, task("welcome"), task("ask"), { id: "nap", type: "sleep", duration: "3d" }],
      "adult.yes > welcome",
      "adult.otherwise > ask",
      "welcome > nap",
      "ask > nap",
    ),
    plan: { input: { age: 20 }, steps: { welcome: [out(1)] } },
    path: ["adult completed:yes", "ask skipped", "welcome completed", "nap completed"],
    seconds: 259_200,
  },
  {
    name: "an approval that is decided after a day",
    definition: flow([{ id: "ok", type: "approval", timeout: "2d" }, task("pay")], "ok > pay"),
    plan: { approvals: { ok: [{ decision: "approved", after: "1d" }] }, steps: { pay: [out(1)] } },
    path: ["ok completed", "pay completed"],
    seconds: 86_400,
  },
  {
    name: "an approval that expires, and leads on from there",
    definition: flow(
      [{ id: "ok", type: "approval", timeout: "2d" }, task("pay"), task("late")],
      "ok > pay",
      "ok.expired > late",
    ),
    plan: { approvals: { ok: ["expired"] }, steps: { late: [out(1)] } },
    path: ["ok completed:expired", "pay skipped", "late completed"],
    seconds: 172_800,
  },
  {
    name: "attempts that fail, and back off exactly as the policy says",
    definition: flow([task("pay", { retry: { maxAttempts: 3, initialInterval: "10s", backoff: 2 } })]),
    plan: {
      steps: {
        pay: [{ error: { code: "E", message: "no" } }, { error: { code: "E", message: "no" }, took: "5s" }, out(1)],
      },
    },
    path: ["pay completed"],
    seconds: 35,
  },
  {
    name: "a worker that is lost, known by its lease; then an attempt that takes longer than it may",
    definition: flow([task("pay", { retry: { maxAttempts: 3, initialInterval: "1s" }, timeout: { attempt: "30s" } })]),
    plan: {
      steps: {
        pay: [
          { lost: true, took: "4s" },
          { output: 1, took: "30s" },
          { output: 2, took: "29s" },
        ],
      },
    },
    path: ["pay completed"],
    // 4 + 10 of the lease, 1, 30 of the time-out, 2, 29.
    seconds: 76,
  },
  {
    name: "a map whose items differ",
    definition: flow([
      {
        id: "each",
        type: "map",
        items: "=input",
        failure: "continue",
        body: { nodes: [task("pack", { retry: { maxAttempts: 1 } }), task("ship")], edges: edges("pack > ship") },
      },
    ]),
    plan: {
      input: [1, 2],
      steps: {
        "each/pack": [out(1)],
        "each/pack[1]": [{ error: { code: "E", message: "no" } }],
        "each/ship": [{ output: 1, took: "1s" }],
      },
    },
    path: ["each/pack[0] completed", "each/pack[1] failed", "each/ship[0] completed", "each completed"],
    seconds: 1,
  },
  {
    name: "a loop, each turn by its own answer",
    definition: flow([task("draft"), task("review", { ports: ["again"] })], "draft > review", {
      from: "review",
      port: "again",
      to: "draft",
      loop: {},
    }),
    plan: { steps: { draft: [out(1)], review: [{ output: 1, port: "again" }, { output: 2, port: "again" }, out(3)] } },
    path: [
      "draft completed",
      "review completed:again",
      "draft#2 completed",
      "review#2 completed:again",
      "draft#3 completed",
      "review#3 completed",
    ],
    seconds: 0,
  },
  {
    name: "a child that fails, and is caught",
    definition: flow([{ id: "sub", type: "workflow", workflow: "other" }, task("caught")], "sub.error > caught"),
    plan: { children: { sub: [{ error: { code: "E", message: "no" }, took: "2h" }] }, steps: { caught: [out(1)] } },
    path: ["sub failed", "caught completed"],
    seconds: 7_200,
  },
  {
    name: "a signal that comes, and one that does not",
    definition: flow(
      [
        { id: "paid", type: "signal", signal: "paid", timeout: "1d" },
        { id: "sent", type: "signal", signal: "sent", timeout: "1d" },
        task("remind"),
      ],
      "paid > sent",
      "sent.expired > remind",
    ),
    plan: { signals: [{ signal: "paid", payload: 7, after: "1h" }], steps: { remind: [out(1)] } },
    path: ["paid completed", "sent completed:expired", "remind completed"],
    seconds: 90_000,
  },
  {
    name: "a poll, round by round",
    definition: flow([task("job", { poll: { until: "output == 'done'", interval: "10s" } })]),
    plan: { steps: { job: [out("new"), out("new"), out("done")] } },
    path: ["job completed"],
    seconds: 20,
  },
  {
    name: "what was done is undone",
    definition: flow(
      [task("hotel", { compensate: { task: "cancel_hotel" } }), task("fly", { retry: { maxAttempts: 1 } })],
      "hotel > fly",
    ),
    plan: {
      steps: { hotel: [out(1)], fly: [{ error: { code: "FULL", message: "no seat" } }] },
      compensations: { hotel: [{ output: null, took: "3s" }] },
    },
    path: ["hotel completed", "fly failed", "hotel:compensate completed"],
    seconds: 3,
  },
  {
    name: "tasks that share a key wait for each other",
    definition: flow([task("one", { concurrencyKey: "k" }), task("two", { concurrencyKey: "k" })]),
    plan: { steps: { one: [{ output: 1, took: "5s" }], two: [{ output: 2, took: "5s" }] } },
    path: ["one completed", "two completed"],
    seconds: 10,
  },
  {
    name: "an http step whose call is lost, and then answers",
    definition: flow([
      { id: "call", type: "http", request: { url: "https://x.example" }, retry: { initialInterval: "1s" } },
    ]),
    plan: { steps: { call: [{ lost: true }, out({ status: 200, headers: {}, body: null })] } },
    path: ["call completed"],
    seconds: 31,
  },
  {
    name: "a cancel that undoes",
    definition: flow(
      [task("hotel", { compensate: { task: "cancel_hotel" } }), { id: "nap", type: "sleep", duration: "1d" }],
      "hotel > nap",
    ),
    plan: {
      steps: { hotel: [out(1)] },
      compensations: { hotel: [out(null)] },
      cancel: { after: "1h", compensate: true },
    },
    path: ["hotel completed", "nap cancelled", "hotel:compensate completed"],
    seconds: 3_600,
  },
  {
    name: "a handler that sleeps and asks",
    definition: flow([task("refund")]),
    plan: {
      steps: { refund: [{ sleep: { duration: "1h", then: "resume", name: "nap" } }, { ask: { timeout: "2d" } }] },
      approvals: { refund: [{ decision: "approved", after: "30m" }] },
    },
    path: ["refund completed"],
    seconds: 5_400,
  },
];
