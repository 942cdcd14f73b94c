/** Each fix that is offered takes its finding away and brings no error with it; what it does is said here, code by code. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";
import { validateDefinition } from "@/lib/core/definition/validate";
import { blankDocument } from "@/lib/editor/blank";
import type { EditorDocument } from "@/lib/editor/document";
import { applyEdit, type Edit } from "@/lib/editor/edits";
import { guessDuration } from "@/lib/editor/fixes/fix-values";
import { FIXERS, fixAll, fixesOf, newErrors } from "@/lib/editor/fixes/fixes-of";
import { nearest } from "@/lib/editor/fixes/nearest";
import { edit, openSession, undo } from "@/lib/editor/session";
import { draws, editFrom } from "./random-edits";

type Draft = Partial<Definition> & { nodes: Node[] };

function documentOf(definition: Draft): EditorDocument {
  return { definition: { name: "orders", edges: [], ...definition }, layout: {} };
}

const task = (id: string, more: object = {}): Node => ({ id, type: "task", task: id, ...more }) as Node;
const node = (value: object): Node => value as Node;
const edge = (from: string, to: string, more: object = {}): Edge => ({ from, to, ...more });

function findingOf(document: EditorDocument, code: string): Finding {
  const finding = validateDefinition(document.definition).find((each) => each.code === code);
  if (finding === undefined) throw new Error(`There is no ${code} here`);
  return finding;
}

function fixedBy(document: EditorDocument, edits: readonly Edit[]): EditorDocument {
  const edited = applyEdit(document, { type: "all", edits });
  if ("refused" in edited) throw new Error(edited.refused);
  return edited.document;
}

const chosen = [edge("a", "choose"), edge("choose", "b", { port: "yes" })];
const choiceOf = (when: string) => node({ id: "choose", type: "choice", cases: [{ port: "yes", when }] });
const choose = choiceOf("true");
const inMap = (inner: Node): Node =>
  node({ id: "each", type: "map", items: "=input.items", body: { nodes: [inner], edges: [] } });

/** By code: a workflow that has it, the titles of its fixes, and what the first one leaves. */
const CASES: { code: string; of: Draft; titles: string[]; leaves: object }[] = [
  {
    code: "UNKNOWN_NODE",
    of: { nodes: [task("fetch_user"), task("greet")], edges: [edge("fetch_usr", "greet")] },
    titles: ["Name fetch_user", "Take the edge to greet out"],
    leaves: { edges: [{ from: "fetch_user", to: "greet" }] },
  },
  {
    code: "UNKNOWN_PORT",
    of: { nodes: [task("a", { ports: ["retry_later"] }), task("b")], edges: [edge("a", "b", { port: "retry_latr" })] },
    titles: ["Lead on from retry_later", "Declare the outcome retry_latr"],
    leaves: { edges: [{ from: "a", port: "retry_later", to: "b" }] },
  },
  {
    code: "CYCLE",
    of: { nodes: [task("a"), task("b")], edges: [edge("a", "b"), edge("b", "a", { port: "error" })] },
    titles: ["Make the edge to a a loop", "Take the edge to a out"],
    leaves: { edges: [edge("a", "b"), { from: "b", port: "error", to: "a", loop: {} }] },
  },
  {
    code: "DUPLICATE_ID",
    of: { nodes: [task("a"), task("a"), task("b")], edges: [edge("a", "b")] },
    titles: ["Call this one a_2"],
    leaves: { nodes: [task("a"), { ...task("a"), id: "a_2" }, task("b")] },
  },
  {
    code: "MALFORMED_ID",
    of: { nodes: [node({ id: "m".repeat(126), type: "map", items: [], body: { task: "t" } })] },
    titles: ["Shorten its id"],
    leaves: { nodes: [{ id: "m".repeat(119), type: "map", items: [], body: { task: "t" } }] },
  },
  {
    code: "JOIN_OUT_OF_RANGE",
    of: { nodes: [task("a"), task("b"), task("c", { join: 3 })], edges: [edge("a", "c"), edge("b", "c")] },
    titles: ["Wait for 2", "Wait for all"],
    leaves: { nodes: [task("a"), task("b"), task("c", { join: 2 })] },
  },
  {
    code: "LOOP_TARGET",
    of: { nodes: [task("a"), task("b")], edges: [edge("a", "b", { loop: {} })] },
    titles: ["Let it lead on, without a loop", "Take the edge to b out"],
    leaves: { edges: [edge("a", "b")] },
  },
  {
    code: "LOOP_PORT",
    of: { nodes: [task("a"), task("b")], edges: [edge("a", "a", { loop: {} }), edge("a", "b")] },
    titles: ["Take the edge to a out"],
    leaves: { edges: [edge("a", "b")] },
  },
  {
    code: "LOOP_ENTRY",
    of: {
      nodes: [task("start"), task("a"), task("b"), task("out")],
      edges: [
        edge("start", "b"),
        edge("start", "a", { port: "error" }),
        edge("a", "b"),
        edge("b", "a", { port: "error", loop: {} }),
      ],
    },
    titles: ["Lead to a, where the loop begins", "Take the edge to b out"],
    leaves: {
      edges: [
        edge("start", "a"),
        edge("start", "a", { port: "error" }),
        edge("a", "b"),
        edge("b", "a", { port: "error", loop: {} }),
      ],
    },
  },
  {
    code: "LOOP_OVERLAP",
    of: {
      nodes: [task("a"), task("b"), task("c")],
      edges: [
        edge("a", "b"),
        edge("b", "c"),
        edge("b", "a", { port: "error", loop: {} }),
        edge("c", "b", { port: "error", loop: {} }),
      ],
    },
    titles: ["Take the edge to a out"],
    leaves: { edges: [edge("a", "b"), edge("b", "c"), edge("c", "b", { port: "error", loop: {} })] },
  },
  {
    code: "NO_OTHERWISE",
    of: { nodes: [task("a"), choose, task("b"), task("c")], edges: [...chosen, edge("b", "c")] },
    titles: ["Otherwise go on with c", "Otherwise end as completed", "Otherwise end as failed"],
    leaves: { edges: [...chosen, edge("b", "c"), { from: "choose", port: "otherwise", to: "c" }] },
  },
  {
    code: "NO_TIMEOUT",
    of: { nodes: [node({ id: "ask", type: "approval" })] },
    titles: ["Wait at most 7d"],
    leaves: { nodes: [{ id: "ask", type: "approval", timeout: "7d" }] },
  },
  {
    code: "TIMEOUT_OUT_OF_BOUNDS",
    of: { nodes: [task("a", { timeout: { attempt: 0 } })] },
    titles: ["Take it out"],
    leaves: { nodes: [task("a")] },
  },
  {
    code: "POLL_OUT_OF_BOUNDS",
    of: { nodes: [task("a", { poll: { until: "output.done", interval: 0 } })] },
    titles: ["Take it out"],
    leaves: { nodes: [task("a", { poll: { until: "output.done" } })] },
  },
  {
    code: "RETRY_OUT_OF_BOUNDS",
    of: { nodes: [task("a")], defaults: { retry: { initialInterval: "5m", maxInterval: "1m" } } },
    titles: ["Let the longest pause be 5m", "Swap the two"],
    leaves: { defaults: { retry: { initialInterval: "5m", maxInterval: "5m" } } },
  },
  {
    code: "BAD_DURATION",
    of: { nodes: [node({ id: "nap", type: "sleep", duration: "2 days 4 hours" })] },
    titles: ["Write 52h"],
    leaves: { nodes: [{ id: "nap", type: "sleep", duration: "52h" }] },
  },
  {
    code: "BAD_INSTANT",
    of: { nodes: [node({ id: "nap", type: "sleep", until: "2030-01-31 08:00" })] },
    titles: ["Write 2030-01-31T08:00:00Z"],
    leaves: { nodes: [{ id: "nap", type: "sleep", until: "2030-01-31T08:00:00Z" }] },
  },
  {
    code: "SLEEP_TIME",
    of: { nodes: [node({ id: "nap", type: "sleep", duration: "1h", until: "=input.at" })] },
    titles: ["Sleep 1h, without an instant", "Sleep until =input.at"],
    leaves: { nodes: [{ id: "nap", type: "sleep", duration: "1h" }] },
  },
  {
    code: "FAIL_RETHROW",
    of: {
      nodes: [task("a"), node({ id: "end", type: "fail", code: "X", rethrow: "a" })],
      edges: [edge("a", "end", { port: "error" })],
    },
    titles: ["Only rethrow", "Only its own code and message"],
    leaves: { nodes: [task("a"), { id: "end", type: "fail", rethrow: "a" }] },
  },
  {
    code: "RESERVED_NAME",
    of: { nodes: [task("a", { queue: "cerebelum.fast" })] },
    titles: ["Call it fast"],
    leaves: { nodes: [task("a", { queue: "fast" })] },
  },
  {
    code: "RESERVED_PORT",
    of: { nodes: [task("a", { ports: ["error"] }), task("b")], edges: [edge("a", "b", { port: "error" })] },
    titles: ["Call it failed"],
    leaves: { nodes: [task("a", { ports: ["failed"] }), task("b")], edges: [edge("a", "b", { port: "error" })] },
  },
  {
    code: "ITEMS_NO_LIST",
    of: { nodes: [node({ id: "each", type: "map", items: "input.orders", body: { task: "t" } })] },
    titles: ["Write =input.orders"],
    leaves: { nodes: [{ id: "each", type: "map", items: "=input.orders", body: { task: "t" } }] },
  },
  {
    code: "BAD_URL",
    of: { nodes: [node({ id: "call", type: "http", request: { url: "example.com/orders" } })] },
    titles: ["Write https://example.com/orders"],
    leaves: { nodes: [{ id: "call", type: "http", request: { url: "https://example.com/orders" } }] },
  },
  {
    code: "EXPRESSION_SYNTAX",
    of: { nodes: [choiceOf('input.age >= 18 and input.name = "and = or"')] },
    titles: ['Write input.age >= 18 && input.name == "and = or"'],
    leaves: { nodes: [choiceOf('input.age >= 18 && input.name == "and = or"')] },
  },
  {
    code: "UNKNOWN_STEP",
    of: {
      nodes: [task("fetch_user"), task("b", { input: { user: "=steps.fetchUser.output" } })],
      edges: [edge("fetch_user", "b")],
    },
    titles: ["Read fetch_user"],
    leaves: { nodes: [task("fetch_user"), task("b", { input: { user: "=steps.fetch_user.output" } })] },
  },
  {
    code: "MAY_BE_MISSING",
    of: {
      nodes: [task("a"), choose, task("b"), task("c", { input: { x: '=steps["b"].output.n + 1' } })],
      edges: [...chosen, edge("b", "c"), edge("choose", "c", { port: "otherwise" })],
    },
    titles: ["Without an output of b: null"],
    leaves: {
      nodes: [
        task("a"),
        choose,
        task("b"),
        task("c", { input: { x: '=has(steps.b.output) ? (steps["b"].output.n + 1) : null' } }),
      ],
    },
  },
  {
    code: "SIGNAL_SHARED",
    of: { nodes: [inMap(node({ id: "wait", type: "signal", signal: "paid", timeout: "1d" }))] },
    titles: ["Add the item's number to its name"],
    leaves: {
      nodes: [inMap(node({ id: "wait", type: "signal", signal: '="paid" + "." + string(index)', timeout: "1d" }))],
    },
  },
];
describe("a fix", () => {
  it("is tried here for every code that has one", () => {
    expect(CASES.map(({ code }) => code).sort()).toStrictEqual(Object.keys(FIXERS).sort());
  });

  it.each(CASES)("of $code does what its title says", ({ code, of, titles, leaves }) => {
    const document = documentOf(of);
    const fixes = fixesOf(findingOf(document, code), document);
    expect(fixes.map(({ title }) => title)).toStrictEqual(titles);
    for (const { edits } of fixes) {
      const left = validateDefinition(fixedBy(document, edits).definition);
      expect(left.filter((each) => each.code === code)).toStrictEqual([]);
      expect(newErrors(validateDefinition(document.definition), left)).toStrictEqual([]);
    }
    expect(fixedBy(document, fixes[0]?.edits ?? []).definition).toMatchObject(leaves);
  });

  it("takes the = away from before a condition, where it means nothing", () => {
    const document = documentOf({ nodes: [choiceOf("=input.age >= 18")] });
    const fixes = fixesOf(findingOf(document, "EXPRESSION_SYNTAX"), document);
    expect(fixes.map(({ title }) => title)).toStrictEqual(["Write input.age >= 18"]);
  });

  it("is one step back, however many edits it is made of", () => {
    const document = documentOf(CASES.find(({ code }) => code === "FAIL_RETHROW")?.of ?? { nodes: [] });
    const [first] = fixesOf(findingOf(document, "FAIL_RETHROW"), document);
    expect(first?.edits).toHaveLength(2);
    const edited = edit(openSession(document), { type: "all", edits: first?.edits ?? [] }, 0);
    if ("refused" in edited) throw new Error(edited.refused);
    expect(undo(edited.session).present).toBe(document);
  });

  it("is not offered where it would only lead to another error", () => {
    const document = documentOf({
      nodes: [task("a", { input: "=steps.late.output" }), task("later")],
      edges: [edge("a", "later")],
    });
    expect(fixesOf(findingOf(document, "UNKNOWN_STEP"), document)).toStrictEqual([]);
  });

  it("of a finding that is gone is none", () => {
    const document = documentOf({ nodes: [node({ id: "ask", type: "approval" })] });
    const finding = findingOf(document, "NO_TIMEOUT");
    const without = documentOf({ nodes: [node({ id: "ask", type: "approval", timeout: "1d" })] });
    expect(fixesOf(finding, without)).toStrictEqual([]);
  });

  it("renames what has the id of another graph's node with all that names it there", () => {
    const body = { nodes: [task("a"), task("z", { input: "=steps.a.output" })], edges: [edge("a", "z")] };
    const document = documentOf({ nodes: [task("a"), node({ id: "each", type: "map", items: [], body })] });
    const [first] = fixesOf(findingOf(document, "DUPLICATE_ID"), document);
    const { nodes } = fixedBy(document, first?.edits ?? []).definition;
    expect(nodes[1]).toMatchObject({
      body: {
        nodes: [
          { id: "a_2", task: "a" },
          { id: "z", input: "=steps.a_2.output" },
        ],
        edges: [{ from: "a_2", to: "z" }],
      },
    });
  });
});

describe("fixing all", () => {
  it("takes what has exactly one fix, and leaves what somebody must choose", () => {
    const document = documentOf({
      nodes: [
        node({ id: "ask", type: "approval" }),
        node({ id: "wait", type: "signal", signal: "paid" }),
        node({ id: "nap", type: "sleep", duration: "1h", until: "=input.at" }),
      ],
    });
    const left = validateDefinition(fixedBy(document, fixAll(document)).definition);
    expect(left.map(({ code }) => code)).toStrictEqual(["SLEEP_TIME"]);
  });
});

describe("in any document", () => {
  it("every fix that is offered takes its finding away, and brings no error", () => {
    const tried = new Map<string, number>();
    fc.assert(
      fc.property(draws, (list) => {
        const document = list.reduce((each: EditorDocument, draw) => {
          const edited = applyEdit(each, editFrom(each, draw));
          return "refused" in edited ? each : edited.document;
        }, blankDocument("orders"));
        const before = validateDefinition(document.definition);
        for (const finding of before) {
          for (const { edits } of fixesOf(finding, document, before)) {
            const left = validateDefinition(fixedBy(document, edits).definition);
            const same = (each: Finding) => each.code === finding.code && each.message === finding.message;
            expect(left.filter(same).length).toBeLessThan(before.filter(same).length);
            expect(newErrors(before, left)).toStrictEqual([]);
            tried.set(finding.code, (tried.get(finding.code) ?? 0) + 1);
          }
        }
      }),
      { numRuns: 150 },
    );
    // A control: otherwise nothing was tried.
    expect(tried.size).toBeGreaterThan(5);
  });
});

describe("what was meant", () => {
  it.each([
    ["5 minutes", "5m"],
    ["1h30m", "90m"],
    ["90 sec", "90s"],
    ["2 weeks", "14d"],
    ["0.5 s", "500ms"],
    ["soon", null],
    ["5 fortnights", null],
  ])("by %s is %s", (text, meant) => expect(guessDuration(text)).toBe(meant));

  it("is the name that is nearest, if one is near", () => {
    expect(nearest("fetchUser", ["fetch_user", "send", "fetch_users"])).toStrictEqual(["fetch_user", "fetch_users"]);
    expect(nearest("charge", ["ship", "greet"])).toStrictEqual([]);
  });
});
