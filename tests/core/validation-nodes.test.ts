/** What validation says about the settings of each type of node, and about workflows that call themselves. */
import { describe, expect, it } from "vitest";
import type { Edge, MapNode, Node } from "@/lib/contract/definition";
import { brief, findingsOf, graph, links, plainTasks } from "./support/findings";

const one = (fields: object) => graph([{ id: "a", ...fields } as Node]);
const task = (fields: object) => one({ type: "task", task: "t", input: 1, ...fields });
const short = (fields: object) => one({ type: "map", items: "=input", body: { task: "t", ...fields } });

describe("a node", () => {
  it.each<[string, object]>([
    [
      "that polls",
      { type: "task", task: "t", poll: { until: "output.done", interval: "5s", backoff: 1.5, timeout: "1h" } },
    ],
    ["that polls as it is wont", { type: "task", task: "t", poll: { until: "round > 3" } }],
    [
      "that is undone",
      { type: "task", task: "t", compensate: { task: "undo", queue: "q", retry: { maxAttempts: 9 } } },
    ],
    [
      "that asks",
      { type: "approval", title: "=input.t", assignees: ["ops", "=input.who"], form: {}, timeout: "=input.t" },
    ],
    ["that asks a list of people", { type: "approval", assignees: "=input.people", timeout: 1 }],
    ["that waits for a signal", { type: "signal", signal: "paid", timeout: "P1D" }],
    [
      "that starts another workflow",
      { type: "workflow", workflow: "other", version: 3, wait: false, onCancel: "abandon" },
    ],
    [
      "that calls a URL",
      { type: "http", request: { method: "PUT", url: "https://example.com/x?y=1", body: "=input" } },
    ],
    ["that calls a computed URL", { type: "http", request: { url: "=input.url" }, retry: { maxAttempts: 1 } }],
    ["that sleeps for a long expression", { type: "sleep", duration: `=input.${"x".repeat(200)}` }],
  ])("%s is no fault", (_, fields) => {
    expect(findingsOf(one(fields))).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ["a poll without a condition", { poll: {} }, ["MISSING_FIELD /poll/until"]],
    ["a poll with an empty condition", { poll: { until: "" } }, ["OUT_OF_BOUNDS /poll/until"]],
    ["a poll with a broken condition", { poll: { until: "output ==" } }, ["EXPRESSION_SYNTAX /poll/until"]],
    ["a poll without a pause", { poll: { until: "true", interval: 0 } }, ["POLL_OUT_OF_BOUNDS /poll/interval"]],
    ["a poll with a bad interval", { poll: { until: "true", interval: "often" } }, ["BAD_DURATION /poll/interval"]],
    ["a poll with an interval of no shape", { poll: { until: "true", interval: {} } }, ["BAD_DURATION /poll/interval"]],
    ["a poll that shrinks", { poll: { until: "true", backoff: 0.5 } }, ["OUT_OF_BOUNDS /poll/backoff"]],
    ["a poll without time", { poll: { until: "true", timeout: "0s" } }, ["TIMEOUT_OUT_OF_BOUNDS /poll/timeout"]],
    ["a compensation without a task", { compensate: {} }, ["MISSING_FIELD /compensate/task"]],
    [
      "a compensation with bad times",
      { compensate: { task: "u", retry: { initialInterval: "x" }, timeout: { attempt: 0, total: "y" } } },
      [
        "BAD_DURATION /compensate/retry/initialInterval",
        "TIMEOUT_OUT_OF_BOUNDS /compensate/timeout/attempt",
        "BAD_DURATION /compensate/timeout/total",
      ],
    ],
    [
      "a retry that shrinks",
      { retry: { initialInterval: "2s", maxInterval: "1s" } },
      ["RETRY_OUT_OF_BOUNDS /retry/initialInterval"],
    ],
    ["a queue of the engine's", { queue: "cerebelum.http" }, ["RESERVED_NAME /queue"]],
    ["a task of the engine's", { task: "cerebelum.http" }, ["RESERVED_NAME /task"]],
    [
      "a compensation on a queue of the engine's",
      { compensate: { task: "u", queue: "cerebelum.x" } },
      ["RESERVED_NAME /compensate/queue"],
    ],
    ["a limit of none", { concurrencyLimit: 0 }, ["OUT_OF_BOUNDS /concurrencyLimit"]],
    ["a port called error", { ports: ["x", "error"] }, ["RESERVED_PORT /ports/1"]],
  ])("with %s is told so, as a task and as the short body of a map", (_, fields, expected) => {
    const under = (path: string) => expected.map((finding) => finding.replace(" ", ` ${path}`));
    expect(brief(task(fields))).toEqual(under("/nodes/0"));
    expect(brief(short(fields))).toEqual(under("/nodes/0/body"));
    for (const { node } of findingsOf(short(fields))) expect(node).toBe("a");
  });

  it.each<[string, object, string[]]>([
    ["a wait of no time", { type: "approval", timeout: 0 }, ["TIMEOUT_OUT_OF_BOUNDS /nodes/0/timeout"]],
    ["a wait of bad time", { type: "signal", signal: "s", timeout: "later" }, ["BAD_DURATION /nodes/0/timeout"]],
    ["a signal without a name", { type: "signal", signal: "", timeout: 1 }, ["OUT_OF_BOUNDS /nodes/0/signal"]],
    ["a child without a name", { type: "workflow" }, ["MISSING_FIELD /nodes/0/workflow"]],
    ["a child of a bad name", { type: "workflow", workflow: "a b" }, ["MALFORMED_ID /nodes/0/workflow"]],
    ["a call without a URL", { type: "http", request: {} }, ["MISSING_FIELD /nodes/0/request/url"]],
    ["a call of another kind", { type: "http", request: { url: "ftp://a" } }, ["BAD_URL /nodes/0/request/url"]],
    ["a call of a path", { type: "http", request: { url: "/a" } }, ["BAD_URL /nodes/0/request/url"]],
    [
      "an unknown method",
      { type: "http", request: { url: "http://a", method: "TRACE" } },
      ["WRONG_TYPE /nodes/0/request/method"],
    ],
    [
      "bad times of a call",
      { type: "http", request: { url: "http://a" }, retry: { maxInterval: "x" }, timeout: { attempt: "0ms" } },
      ["BAD_DURATION /nodes/0/retry/maxInterval", "TIMEOUT_OUT_OF_BOUNDS /nodes/0/timeout/attempt"],
    ],
  ])("with %s is told so", (_, fields, expected) => {
    expect(brief(one(fields))).toEqual(expected);
  });

  it("that waits for a person or a signal without an end is warned of", () => {
    expect(findingsOf(one({ type: "approval" }))).toMatchObject([
      { code: "NO_TIMEOUT", severity: "warning", path: "/nodes/0", node: "a" },
    ]);
    expect(brief(one({ type: "signal", signal: "s" }))).toEqual(["NO_TIMEOUT /nodes/0"]);
  });

  it("has the ports of its type", () => {
    const ends = (node: object, ...ports: string[]) =>
      brief(
        graph([{ id: "a", ...node } as Node, ...plainTasks("b")], links(...ports.map((port) => `a${port}>b`))),
      ).filter((finding) => finding.startsWith("UNKNOWN_PORT"));
    expect(ends({ type: "approval", timeout: 1 }, "", ".approved", ".rejected", ".expired", ".error")).toEqual([]);
    expect(ends({ type: "approval", timeout: 1 }, ".success")).toHaveLength(1);
    expect(ends({ type: "signal", signal: "s", timeout: 1 }, "", ".received", ".expired", ".error")).toEqual([]);
    expect(ends({ type: "signal", signal: "s", timeout: 1 }, ".approved")).toHaveLength(1);
    for (const node of [
      { type: "map", items: [], body: { task: "t" } },
      { type: "workflow", workflow: "o" },
      { type: "http", request: { url: "http://a" } },
    ]) {
      expect(ends(node, "", ".success", ".error")).toEqual([]);
      expect(ends(node, ".done")).toHaveLength(1);
    }
  });

  it("leaves the engine's queues alone by default, too", () => {
    expect(brief(graph(plainTasks("a"), [], { defaults: { queue: "cerebelum.http" } }))).toEqual([
      "RESERVED_NAME /defaults/queue",
    ]);
  });
});

describe("a workflow that calls itself", () => {
  const call = (more: object = {}): Node => ({ id: "again", type: "workflow", workflow: "w", ...more });
  const choice: Node = { id: "c", type: "choice", cases: [{ port: "x", when: "true" }] };
  const calls = (nodes: readonly Node[], edges: readonly Edge[] = []) =>
    brief(graph(nodes, edges)).filter((finding) => finding.startsWith("SELF_CALL"));
  const each = (items: MapNode["items"], ...nodes: Node[]): Node => ({
    id: "m",
    type: "map",
    items,
    body: { nodes, edges: [] },
  });

  it("does so without an end where nothing before it decides", () => {
    expect(calls([call()])).toEqual(["SELF_CALL /nodes/0"]);
    expect(calls([...plainTasks("a"), call({ wait: false })], links("a>again"))).toEqual(["SELF_CALL /nodes/1"]);
    expect(calls([{ id: "a", type: "approval" }, call()], links("a>again"))).toEqual(["SELF_CALL /nodes/1"]);
  });

  it("may do so where a choice before it decides, unless there is a way around the choice", () => {
    expect(calls([choice, call()], links("c.x>again"))).toEqual([]);
    expect(calls([choice, ...plainTasks("a"), call()], links("c.x>a", "a>again"))).toEqual([]);
    expect(calls([choice, ...plainTasks("a"), call()], links("c.x>again", "a>again"))).toEqual(["SELF_CALL /nodes/2"]);
  });

  it("may do so where a handler's own port leads there, or a failure, or a rejection", () => {
    const asked: Node = { id: "a", type: "task", task: "t", ports: ["more"] };
    expect(calls([asked, call()], links("a.more>again"))).toEqual([]);
    expect(calls([asked, call()], links("a.error>again"))).toEqual([]);
    expect(calls([{ id: "a", type: "approval" }, call()], links("a.rejected>again"))).toEqual([]);
  });

  it("may do so for each of computed items, of which there may be none, and not for given ones", () => {
    expect(calls([each("=input.children", call())])).toEqual([]);
    expect(calls([each(["x"], call())])).toEqual(["SELF_CALL /nodes/0/body/nodes/0"]);
    expect(calls([choice, each(["x"], call())], links("c.x>m"))).toEqual([]);
  });

  it("is another one where the version or the name is", () => {
    expect(calls([call({ version: 1 })])).toEqual([]);
    expect(calls([call({ workflow: "other" })])).toEqual([]);
  });
});
