/** What an expression may read where it stands: of maps, loops, polls, and of steps in its own graph and around it. */
import { describe, expect, it } from "vitest";
import type { Definition, Edge, MapGraph, Node } from "@/lib/contract/definition";
import { brief, findingsOf, graph, links, plainTasks } from "./support/findings";

const read = (id: string, ...values: string[]): Node => ({ id, type: "task", task: "t", input: values });
const map = (id: string, nodes: readonly Node[], edges: readonly Edge[] = [], more: Partial<MapGraph> = {}): Node => ({
  id,
  type: "map",
  items: "=input",
  body: { nodes: [...nodes], edges: [...edges], ...more },
});
const looping = (id: string, value: string, ...ports: string[]): Node => ({ ...read(id, value), ports }) as Node;

const HERE = "NOT_IN_SCOPE /nodes/0/input/0";

describe("a root", () => {
  it.each([
    "item",
    "item.x",
    "index",
    "outer.item",
    "loop.iteration",
    "loop.value",
    "output",
    "round",
    "[1].map(x, item)",
  ])("that is not there is an error: %s", (source) => {
    expect(brief(graph([read("a", `=${source}`)]))).toEqual([HERE]);
    expect(brief(graph(plainTasks("a"), [], { output: [`=${source}`] }))).toEqual(["NOT_IN_SCOPE /output/0"]);
  });

  it("that is read twice is missing once", () => {
    expect(brief(graph([read("a", "=item.a + item.b + index")]))).toEqual([HERE, HERE]);
  });

  it("is there in maps", () => {
    const body = [read("a", "=item.x", "=index", "=[1].map(item, item)")];
    expect(findingsOf(graph([map("m", body, [], { output: "=[item, index]" })]))).toEqual([]);
    expect(findingsOf(graph([{ id: "m", type: "map", items: "=input", body: { task: "t", input: "=item" } }]))).toEqual(
      [],
    );
    expect(brief(graph([{ ...map("m", plainTasks("a")), items: "=item" } as Node]))).toEqual([
      "NOT_IN_SCOPE /nodes/0/items",
    ]);
    expect(brief(graph([map("m", [read("a", "=outer.item")])]))).toEqual([
      "NOT_IN_SCOPE /nodes/0/body/nodes/0/input/0",
    ]);
  });

  it("is there in maps inside maps, as far out as there are such", () => {
    const inner = (source: string) => graph([map("m", [map("n", [read("a", source)])])]);
    expect(findingsOf(inner("=[item, index, outer.item, outer.index]"))).toEqual([]);
    expect(findingsOf(inner("=has(outer.outer)"))).toEqual([]);
    expect(brief(inner("=outer.outer.item"))).toEqual(["NOT_IN_SCOPE /nodes/0/body/nodes/0/body/nodes/0/input/0"]);
    expect(findingsOf(graph([map("l", [map("m", [map("n", [read("a", "=outer.outer.item")])])])]))).toEqual([]);
  });

  it("is there in loops, as far out as there are such", () => {
    const nodes = (source: string) => [looping("a", source), looping("b", source, "again"), ...plainTasks("c")];
    const edges = links("a>b", "b.again>>a", "b>c");
    expect(findingsOf(graph(nodes("=[loop.iteration, loop.value, has(loop.outer)]"), edges))).toEqual([]);
    expect(brief(graph(nodes("=loop.outer.value"), edges))).toEqual([HERE, "NOT_IN_SCOPE /nodes/1/input/0"]);
    expect(brief(graph([...nodes("=1"), read("d", "=loop.value")], [...edges, ...links("c>d")]))).toEqual([
      "NOT_IN_SCOPE /nodes/3/input/0",
    ]);
    const twice = ["=loop.outer.value", "=loop.outer.value", "=loop.value"];
    const nested = (...values: string[]) =>
      graph(
        ["a", "b", "c", "d"].map((id, i) => looping(id, values[i] ?? "=1", "again")),
        links("a>b", "b>c", "c>d", "c.again>>b", "d.again>>a"),
      );
    expect(findingsOf(nested("=loop.value", ...twice))).toEqual([]);
    expect(brief(nested(...twice))).toEqual([HERE]);
  });

  it("is there in a map that a loop runs again", () => {
    const nodes = [
      looping("a", "=loop.value", "again"),
      map("m", [read("b", "=[loop.value, item]")], [], { output: "=loop.iteration" }),
    ];
    expect(
      findingsOf(graph([...nodes, looping("c", "=loop.value", "again")], links("a>m", "m>c", "c.again>>a"))),
    ).toEqual([]);
  });

  it("is there in what a loop edge carries as it is at its source", () => {
    const carry = (source: string): Definition =>
      graph(
        [looping("a", "=1", "again"), ...plainTasks("b")],
        [{ from: "a", port: "again", to: "a", loop: { carry: [source] } }, ...links("a>b")],
      );
    expect(findingsOf(carry("=[loop.iteration, loop.value]"))).toEqual([]);
    expect(brief(carry("=item"))).toEqual(["NOT_IN_SCOPE /edges/0/loop/carry/0"]);
  });

  it("is there in the condition of a poll", () => {
    const polling = (until: string, more = {}): Node => ({
      id: "a",
      type: "task",
      task: "t",
      input: 1,
      poll: { until },
      ...more,
    });
    expect(findingsOf(graph([polling("output.done && round > 2")]))).toEqual([]);
    expect(brief(graph([polling("item")]))).toEqual(["NOT_IN_SCOPE /nodes/0/poll/until"]);
    expect(brief(graph([polling("true", { compensate: { task: "u", input: "=output" } })]))).toEqual([
      "NOT_IN_SCOPE /nodes/0/compensate/input",
    ]);
  });
});

describe("every field that takes expressions", () => {
  it.each<[string, object]>([
    ["input", { type: "task", task: "t", input: { x: "=item" } }],
    ["concurrencyKey", { type: "task", task: "t", concurrencyKey: "=item" }],
    ["compensate/input", { type: "task", task: "t", input: 1, compensate: { task: "u", input: { x: "=item" } } }],
    ["poll/until", { type: "task", task: "t", input: 1, poll: { until: "item" } }],
    ["cases/0/when", { type: "choice", cases: [{ port: "x", when: "item" }] }],
    ["duration", { type: "sleep", duration: "=item" }],
    ["until", { type: "sleep", until: "=item" }],
    ["title", { type: "approval", title: "=item", timeout: "1d" }],
    ["description", { type: "approval", description: "=item", timeout: "1d" }],
    ["assignees", { type: "approval", assignees: "=item", timeout: "1d" }],
    ["timeout", { type: "approval", timeout: "=item" }],
    ["signal", { type: "signal", signal: "=item", timeout: "1d" }],
    ["timeout", { type: "signal", signal: "s", timeout: "=item" }],
    ["items", { type: "map", items: "=item", body: { task: "t" } }],
    ["body/input", { type: "map", items: "=input", body: { task: "t", input: "=outer" } }],
    ["input", { type: "workflow", workflow: "other", input: { x: "=item" } }],
    ["value", { type: "transform", value: { x: "=item" } }],
    ["request/url", { type: "http", request: { url: "=item" } }],
    ["request/headers/x", { type: "http", request: { url: "https://a", headers: { x: "=item" } } }],
    ["request/query/x", { type: "http", request: { url: "https://a", query: { x: "=item" } } }],
    ["request/body/x", { type: "http", request: { url: "https://a", body: { x: "=item" } } }],
    ["code", { type: "fail", code: "=item" }],
    ["message", { type: "fail", message: "=item" }],
    ["output", { type: "succeed", output: { x: "=item" } }],
  ])("is judged: %s of %j", (field, fields) => {
    const node = { id: "a", ...fields } as Node;
    const errors = findingsOf(graph([node])).filter(({ severity }) => severity === "error");
    expect(errors.map(({ code, path }) => `${code} ${path}`)).toEqual([
      expect.stringMatching(new RegExp(`^NOT_IN_SCOPE /nodes/0/${field}(/x)?$`)),
    ]);
  });
});

describe("a step", () => {
  it("inside a map is not seen from outside, and the sentence says what is", () => {
    const document = graph([map("m", [map("n", plainTasks("a"))]), read("b", "=steps.a.output")], links("m>b"));
    expect(findingsOf(document)).toMatchObject([
      { code: "NOT_IN_SCOPE", path: "/nodes/1/input/0", message: expect.stringContaining("read steps.m.output") },
    ]);
    expect(brief(graph([map("m", plainTasks("a")), map("n", [read("b", "=steps.a.output")])], links("m>n")))).toEqual([
      "NOT_IN_SCOPE /nodes/1/body/nodes/0/input/0",
    ]);
  });

  it("around a map is seen from inside where it comes before the map", () => {
    const around = (source: string) =>
      graph(
        [...plainTasks("a", "b"), map("m", [map("n", [read("x", source)])]), ...plainTasks("c")],
        links("a>m", "m>c"),
      );
    expect(findingsOf(around("=steps.a.output"))).toEqual([]);
    for (const other of ["b", "c", "m"]) {
      expect(brief(around(`=steps.${other}.output`))).toEqual([
        "STEP_NOT_BEFORE /nodes/2/body/nodes/0/body/nodes/0/input/0",
      ]);
    }
    expect(brief(around("=steps.n.output"))).toEqual(["STEP_NOT_BEFORE /nodes/2/body/nodes/0/body/nodes/0/input/0"]);
  });

  it("around a map that may have been skipped is asked for inside, too", () => {
    const nodes = (source: string) => [
      { id: "c", type: "choice" as const, cases: [{ port: "x", when: "true" }] },
      ...plainTasks("a", "b"),
      map("m", [read("y", source)], [], { output: source }),
    ];
    const edges = links("c.x>a", "c.otherwise>b", "a>m", "b>m");
    expect(brief(graph(nodes("=steps.a.output"), edges))).toEqual([
      "MAY_BE_MISSING /nodes/3/body/nodes/0/input/0",
      "MAY_BE_MISSING /nodes/3/body/output",
    ]);
    expect(findingsOf(graph(nodes("=has(steps.a.output) ? 1 : 2"), edges))).toEqual([]);
  });

  it("of the same map is seen where it comes before, and by the map's output", () => {
    const body = (first: string, second: string, output: string) =>
      map("m", [read("a", first), read("b", second)], links("a>b"), { output });
    expect(findingsOf(graph([body("=item", "=steps.a.output", "=[steps.a.output, steps.b.output]")]))).toEqual([]);
    expect(brief(graph([body("=steps.b.output", "=1", "=1")]))).toEqual([
      "STEP_NOT_BEFORE /nodes/0/body/nodes/0/input/0",
    ]);
  });

  it("that comes later in a loop is not seen in its next turn, and the sentence says how to carry it", () => {
    const document = graph([read("a", "=steps.b.output"), looping("b", "=1", "again")], links("a>b", "b.again>>a"));
    expect(findingsOf(document)).toMatchObject([
      { code: "STEP_NOT_BEFORE", message: expect.stringContaining("read loop.value") },
    ]);
  });

  it("of a loop's body is seen by what the loop carries, and so is the one that loops", () => {
    const carry = (port: string, ...sources: string[]): Definition =>
      graph(
        [...plainTasks("x", "a", "b", "c"), looping("d", "=1", "again"), ...plainTasks("e")],
        [...links("x>a", "a>b", "a>c", "b>d", "c>d", "d>e"), { from: "d", port, to: "a", loop: { carry: sources } }],
      );
    expect(findingsOf(carry("again", "=steps.x.output", "=steps.a.output", "=steps.d.output"))).toEqual([]);
    expect(findingsOf(carry("error", "=steps.d.error.code", "=steps.a.output"))).toEqual([]);
    expect(brief(carry("error", "=steps.d.output"))).toEqual(["MAY_BE_MISSING /edges/6/loop/carry/0"]);
    expect(brief(carry("again", "=steps.e.output"))).toEqual(["STEP_NOT_BEFORE /edges/6/loop/carry/0"]);
  });

  it("of a loop's body that runs beside the one that loops is seen, if it asks", () => {
    const carry = (source: string): Definition =>
      graph(
        [...plainTasks("a", "b"), looping("c", "=1", "again"), looping("d", "=1", "again")],
        [
          ...links("a>b", "a>c", "b>d", "c>d", "d.again>>a"),
          { from: "c", port: "again", to: "a", loop: { carry: source } },
        ],
      );
    expect(findingsOf(carry("=has(steps.b.output) ? steps.b.output : null"))).toEqual([]);
    expect(brief(carry("=steps.b.output"))).toEqual(["MAY_BE_MISSING /edges/5/loop/carry"]);
  });

  it("is not seen by its own condition of a poll, and is by its own compensation", () => {
    const polling: Node = { id: "a", type: "task", task: "t", input: 1, poll: { until: "steps.a.output" } };
    expect(findingsOf(graph([polling]))).toMatchObject([
      { code: "STEP_NOT_BEFORE", path: "/nodes/0/poll/until", message: expect.stringContaining("read output") },
    ]);
    const undone: Node = { ...read("a", "=1"), compensate: { task: "u", input: "=steps.a.output.id" } } as Node;
    expect(findingsOf(graph([undone]))).toEqual([]);
  });
});

describe("an output", () => {
  const choice: Node = { id: "c", type: "choice", cases: [{ port: "x", when: "true" }] };

  it("is there after an approval that went well, and may not be after one that was handled otherwise", () => {
    const document = (...edges: string[]) =>
      graph([{ id: "ask", type: "approval", timeout: "1d" }, ...plainTasks("a", "b")], links("ask>a", ...edges), {
        output: "=steps.a.output",
      });
    expect(findingsOf(document())).toEqual([]);
    expect(brief(document("ask.rejected>b"))).toEqual(["MAY_BE_MISSING /output"]);
    expect(brief(document("ask.expired>b"))).toEqual(["MAY_BE_MISSING /output"]);
  });

  it("is there after a task that chose among ports without edges, where nothing depends on the port", () => {
    const document = graph([looping("t", "=1", "rejected"), ...plainTasks("a")], links("t>a"), {
      output: "=steps.a.output",
    });
    expect(brief(document)).toEqual(["MAY_BE_MISSING /output"]);
  });

  it("is there after a loop as its last turn left it", () => {
    const document = graph(
      [...plainTasks("a"), looping("b", "=1", "again"), ...plainTasks("c")],
      links("a>b", "b.again>>a", "b.error>>a", "b>c"),
      { output: "=[steps.a.output, steps.b.output, steps.c.output]" },
    );
    const again = brief(document).filter((finding) => finding.startsWith("LOOP_PORT"));
    expect(again).toEqual([]);
    expect(findingsOf(document)).toEqual([]);
  });

  it("is there at the end where all other ways fail", () => {
    const document = (end: Node) =>
      graph(
        [...plainTasks("a"), choice, ...plainTasks("b"), end],
        links("a>c", "a.error>f", "c.x>b", "c.otherwise>f"),
        {
          output: "=[steps.a.output, steps.b.output]",
        },
      );
    expect(findingsOf(document({ id: "f", type: "fail", rethrow: "a" }))).toEqual([]);
    expect(findingsOf(document({ id: "f", type: "succeed", output: 1 }))).toEqual([]);
    expect(brief(document({ id: "f", type: "succeed" }))).toEqual(["MAY_BE_MISSING /output", "MAY_BE_MISSING /output"]);
  });

  it("is not there on one way because the other one fails", () => {
    const nodes = [
      choice,
      ...plainTasks("a", "p"),
      { id: "f", type: "fail", code: "F" } as Node,
      read("z", "=steps.a.output"),
    ];
    expect(brief(graph(nodes, links("c.x>a", "c.otherwise>f", "a>z", "p>z")))).toEqual([
      "MAY_BE_MISSING /nodes/4/input/0",
    ]);
  });

  it("of a step that goes on beside a race that it may not lose is not there for certain", () => {
    const race = (keepLosers: boolean) =>
      graph(
        [
          ...plainTasks("a", "b"),
          { id: "j", type: "task", task: "t", input: 1, join: "any", keepLosers },
          read("z", "=steps.a.output"),
        ],
        links("a>j", "b>j", "j>z"),
      );
    expect(brief(race(true))).toEqual(["MAY_BE_MISSING /nodes/3/input/0"]);
    expect(brief(race(false))).toEqual(["MAY_BE_MISSING /nodes/3/input/0"]);
  });

  const racing = (id: string, more: object = {}): Node => ({
    id,
    type: "task",
    task: "t",
    input: 1,
    join: "any",
    ...more,
  });

  it("of what comes after a step that a race may drop is not there for certain, and of the race it is", () => {
    const edges = links("s>a", "s>j", "a>j", "a>z");
    const document = (output: string) => graph([...plainTasks("s", "a", "z"), racing("j")], edges, { output });
    expect(brief(document("=[steps.a.output, steps.z.output]"))).toEqual([
      "MAY_BE_MISSING /output",
      "MAY_BE_MISSING /output",
    ]);
    expect(findingsOf(document("=[steps.s.output, steps.j.output]"))).toEqual([]);
  });

  it("of a step that one race keeps is not there for certain where the next one drops it", () => {
    const nodes = [...plainTasks("a", "b"), racing("x", { keepLosers: true }), racing("j")];
    expect(brief(graph(nodes, links("a>x", "b>x", "x>j"), { output: "=steps.a.output" }))).toEqual([
      "MAY_BE_MISSING /output",
    ]);
    expect(findingsOf(graph(nodes.slice(0, 3), links("a>x", "b>x"), { output: "=steps.a.output" }))).toEqual([]);
  });

  it("of a step that still runs is not there for one that a dropped step lets run early", () => {
    const nodes = (join: "any" | "all") => [
      ...plainTasks("x", "l", "b", "q", "e", "z"),
      racing("j", { join }),
      read("h", "=steps.x.output"),
    ];
    const edges = links("x>l", "l>j", "b>j", "x>e", "e>z", "j>z", "l>h", "q>h");
    expect(brief(graph(nodes("any"), edges))).toEqual(["MAY_BE_MISSING /nodes/7/input/0"]);
    expect(findingsOf(graph(nodes("all"), edges))).toEqual([]);
  });

  it("of a join that needs several of its edges is there, or the execution has failed", () => {
    const nodes = [...plainTasks("a", "b"), racing("j", { join: 2 })];
    expect(findingsOf(graph(nodes, links("a>j", "b>j"), { output: "=steps.j.output" }))).toEqual([]);
    const handled = [...nodes, ...plainTasks("c")];
    expect(brief(graph(handled, links("a>j", "b>j", "j.error>c"), { output: "=steps.j.output" }))).toEqual([
      "MAY_BE_MISSING /output",
    ]);
  });

  it("of what every way to a race passes is there after it, and at the end", () => {
    const document = graph(
      [...plainTasks("s", "a", "b"), { ...read("j", "=steps.s.output"), join: "any" } as Node],
      links("s>a", "s>b", "a>j", "b>j"),
      { output: "=[steps.s.output, steps.j.output]" },
    );
    expect(findingsOf(document)).toEqual([]);
  });

  it("of a body is there where its item's other ways fail", () => {
    const body = map(
      "m",
      [choice, ...plainTasks("a"), { id: "f", type: "fail", code: "F" }],
      links("c.x>a", "c.otherwise>f"),
      {
        output: "=steps.a.output",
      },
    );
    expect(findingsOf(graph([body]))).toEqual([]);
  });

  it("of a transform inside a map that nobody reads is a mistake", () => {
    const transform: Node = { id: "t", type: "transform", value: "=item" };
    expect(brief(graph([map("m", [transform, ...plainTasks("b")], links("t>b"))]))).toEqual([
      "OUTPUT_UNREAD /nodes/0/body/nodes/0",
    ]);
    expect(findingsOf(graph([map("m", [transform])]))).toEqual([]);
    expect(findingsOf(graph([map("m", [transform, { id: "b", type: "task", task: "t" }], links("t>b"))]))).toEqual([]);
    expect(
      findingsOf(graph([map("m", [transform, ...plainTasks("b")], links("t>b"), { output: "=steps.t.output" })])),
    ).toEqual([]);
    expect(brief(graph([map("m", [transform], [], { output: 1 })]))).toEqual(["OUTPUT_UNREAD /nodes/0/body/nodes/0"]);
  });
});

describe("a failure that is thrown again", () => {
  it("is one of the same graph", () => {
    const fail: Node = { id: "f", type: "fail", rethrow: "a" };
    expect(brief(graph([...plainTasks("a"), map("m", [fail])], links("a>m")))).toEqual([
      "UNKNOWN_STEP /nodes/1/body/nodes/0/rethrow",
    ]);
    expect(findingsOf(graph([map("m", [...plainTasks("a"), fail], links("a.error>f"))]))).toEqual([]);
  });
});
