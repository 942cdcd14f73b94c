// Keys that work on some workflows or for some queues alone: of everything else they learn no more than of what never was.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Route } from "@/lib/http/route";
import { ROUTES } from "@/lib/http/routes";
import { refusal } from "./client";
import { startServer, type TestAnswer, type TestServer } from "./support";

interface Side {
  ask: string;
  pay: string;
  /** Waits for its approval. */
  execution: string;
  key: string;
  approval: string;
  deadLetter: string;
}

let server: TestServer;
let mine: Side;
let theirs: Side;
let limited: string;
beforeAll(async () => {
  server = await startServer();
  mine = await side("mine");
  theirs = await side("theirs");
  limited = await keyFor({ scopes: ["client", "deploy"], workflows: [mine.ask, mine.pay] });
});
afterAll(() => server?.close());

async function keyFor(body: object): Promise<string> {
  const made = await server.call("POST", "api-keys", { name: "limited", ...body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.secret;
}

async function side(name: string): Promise<Side> {
  const [ask, pay] = [`${name}_ask`, `${name}_pay`];
  const gate = { id: "gate", type: "approval" };
  const charge = { id: "charge", type: "task", task: "charge", queue: name, retry: { maxAttempts: 1 } };
  for (const definition of [
    { name: ask, nodes: [gate], edges: [] },
    { name: pay, nodes: [charge], edges: [] },
  ])
    expect((await server.call("POST", "workflows", { definition })).status).toBe(201);
  const key = `${name}-key`;
  const { id: execution } = (await server.call("POST", "executions", { workflow: ask, key })).body;
  await server.call("POST", "executions", { workflow: pay });
  const worker = await register([name]);
  const { tasks } = (await server.call("POST", `workers/${worker}/poll`, { capacity: 1, waitMs: 10_000 })).body;
  const { taskId, leaseToken } = tasks[0];
  const failed = { taskId, leaseToken, status: "failed", error: { code: "BROKEN", message: `${name} broke` } };
  await server.call("POST", `workers/${worker}/poll`, { capacity: 0, results: [failed] });
  const approval = (await server.call("GET", `approvals?execution=${execution}`)).body.items[0].id;
  const deadLetter = (await server.call("GET", `dead-letters?workflow=${pay}`)).body.items[0].id;
  return { ask, pay, execution, key, approval, deadLetter };
}

async function register(queues: string[], key?: string): Promise<string> {
  const body = { queues, tasks: ["charge"], language: "curl", sdkVersion: "1", capacity: 5 };
  const { body: registered } = await server.call("POST", "workers", body, key === undefined ? {} : { key });
  return registered.workerId;
}

/** What each takes at least; a route that is not here takes nothing. */
const BODIES: Record<string, object> = {
  draft: { definition: { name: "any", nodes: [], edges: [] }, layout: {}, baseVersion: null, revision: 1 },
  cancel: {},
  terminate: {},
  pause: {},
  resume: {},
  retry: {},
  resolve: {},
  fork: { at: 1 },
  "{signal}": {},
  decide: { decision: "approved" },
};
const bodyOf = ({ method, path }: Route) =>
  method === "GET" || method === "DELETE" ? undefined : BODIES[path.split("/").at(-1) ?? ""];
const callWith = (key: string, route: Route, path: string): Promise<TestAnswer> =>
  server.call(route.method, path, bodyOf(route), { key });

const needsMore = ({ permission }: Route) => permission !== "public" && permission !== "person";
const keeps = (kind: "queues" | "workflows") => ROUTES.filter((route) => route.keeps?.includes(kind));

describe("a key that is limited to workflows", () => {
  const named = keeps("workflows").filter(({ path }) => /\{(execution|approval|deadLetter|name)\}/.test(path));

  function pathOf({ path }: Route, side: Side, ref = side.execution): string {
    return path
      .replace("{execution}", ref)
      .replace("{approval}", side.approval)
      .replace("{deadLetter}", side.deadLetter)
      .replace("{name}", side.ask)
      .replace("{version}", "1")
      .replace("{signal}", "go")
      .replace("{hash}", "0".repeat(64));
  }

  const unknown: Side = {
    ask: "nowhere",
    pay: "nowhere",
    execution: "exe_0000000000000",
    key: "no-key",
    approval: "apr_0000000000000",
    deadLetter: "dlq_0000000000000",
  };

  test("is tried on every route that names something of a workflow", () => {
    expect(named.length).toBeGreaterThanOrEqual(24);
  });

  test.each(named.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "hears of another's no more than of what never was: %s",
    async (_, route) => {
      const told = ({ status, body: { requestId: _id, ...problem } }: TestAnswer) => ({ status, ...problem });
      const never = told(await callWith(limited, route, pathOf(route, unknown)));
      expect(never).toMatchObject({ status: 404 });
      expect(told(await callWith(limited, route, pathOf(route, theirs)))).toEqual(never);
      if (route.path.includes("{execution}"))
        expect(told(await callWith(limited, route, pathOf(route, theirs, `key:${theirs.key}`)))).toEqual(never);
    },
  );

  test("left what it tried to change as it was", async () => {
    expect((await server.call("GET", `executions/${theirs.execution}`)).body.status).toBe("waiting");
    expect((await server.call("GET", `executions/${theirs.execution}/events`)).body.items.length).toBe(
      (await server.call("GET", `executions/${mine.execution}/events`)).body.items.length,
    );
    expect((await server.call("GET", `approvals/${theirs.approval}`)).body.status).toBe("pending");
    expect((await server.call("GET", `dead-letters/${theirs.deadLetter}`)).body.status).toBe("open");
    expect((await server.call("POST", "executions", { workflow: theirs.ask })).status).toBe(201);
  });

  test("reads all of its own", async () => {
    for (const route of named.filter(({ method, path }) => method === "GET" && !/\{hash\}|stream/.test(path)))
      expect((await callWith(limited, route, pathOf(route, mine))).status, route.path).toBeLessThan(300);
  });

  test("finds its own alone in lists, whatever it asks for", async () => {
    const list = async (path: string) => (await server.call("GET", path, undefined, { key: limited })).body.items;
    const workflowsIn = async (path: string) =>
      [...new Set((await list(path)).map(({ workflow }: { workflow: string }) => workflow))].sort();
    expect(await workflowsIn("executions")).toEqual([mine.ask, mine.pay]);
    expect(await workflowsIn("executions?status=failed")).toEqual([mine.pay]);
    expect(await workflowsIn(`executions?workflow=${mine.pay}`)).toEqual([mine.pay]);
    expect(await workflowsIn(`executions?workflow=${theirs.pay}`)).toEqual([]);
    expect(await workflowsIn(`executions?q=${theirs.key}`)).toEqual([]);
    expect(await workflowsIn(`executions?q=${mine.key}`)).toEqual([mine.ask]);
    expect(await workflowsIn("approvals")).toEqual([mine.ask]);
    expect(await workflowsIn("dead-letters")).toEqual([mine.pay]);
    expect(await workflowsIn(`dead-letters?workflow=${theirs.pay}`)).toEqual([]);
    expect((await list("dead-letters/groups")).map(({ workflows }: { workflows: string[] }) => workflows)).toEqual([
      [mine.pay],
    ]);
    expect((await list("workflows")).map(({ name }: { name: string }) => name)).toEqual([mine.ask, mine.pay]);
    expect(
      await server.call("GET", `approvals?execution=${theirs.execution}`, undefined, { key: limited }),
    ).toMatchObject(refusal(404, "EXECUTION_NOT_FOUND"));
  });

  test("starts its own alone, each of a batch judged by itself", async () => {
    const start = (body: object, headers = {}) => server.call("POST", "executions", body, { key: limited, headers });
    expect((await start({ workflow: mine.ask })).status).toBe(201);
    const notFound = refusal(404, "WORKFLOW_NOT_FOUND");
    expect(await start({ workflow: theirs.ask })).toMatchObject(notFound);
    // The very call that started theirs, repeated: it would answer the first one.
    expect(await start({ workflow: theirs.ask, key: theirs.key })).toMatchObject(notFound);
    await server.call("POST", "executions", { workflow: theirs.ask }, { headers: { "idempotency-key": "k1" } });
    expect(await start({ workflow: theirs.ask }, { "idempotency-key": "k1" })).toMatchObject(notFound);
    const executions = [mine.ask, theirs.ask, "nowhere"].map((workflow) => ({ workflow }));
    const { results } = (await server.call("POST", "executions/batch", { executions }, { key: limited })).body;
    expect(results).toMatchObject([
      { id: expect.stringMatching(/^exe_/) },
      { error: { code: "WORKFLOW_NOT_FOUND" } },
      { error: { code: "WORKFLOW_NOT_FOUND" } },
    ]);
  });

  test("publishes and archives its own alone", async () => {
    const publish = (name: string) => {
      const definition = { name, description: "anew", nodes: [{ id: "gate", type: "approval" }], edges: [] };
      return server.call("POST", "workflows", { definition }, { key: limited });
    };
    expect((await publish(mine.ask)).body.version).toBe(2);
    expect(await publish(theirs.ask)).toMatchObject(refusal(404, "WORKFLOW_NOT_FOUND"));
    expect((await server.call("GET", `workflows/${theirs.ask}`)).body.version).toBe(1);
  });

  test("decides and controls its own", async () => {
    const key = { key: limited };
    expect((await server.call("POST", `executions/${mine.execution}/pause`, {}, key)).status).toBe(202);
    expect((await server.call("POST", `executions/${mine.execution}/resume`, {}, key)).status).toBe(202);
    const decided = await server.call("POST", `approvals/${mine.approval}/decide`, { decision: "approved" }, key);
    expect([decided.status, decided.body.status]).toEqual([200, "approved"]);
    expect((await server.call("POST", `dead-letters/${mine.deadLetter}/resolve`, {}, key)).status).toBe(200);
  });
});

describe("a limited key may not call what does not keep to its limit", () => {
  test.each(["queues", "workflows"] as const)("%s", async (kind) => {
    const key = await keyFor({ scopes: ["admin"], [kind]: ["something"] });
    const others = ROUTES.filter((route) => needsMore(route) && !route.keeps?.includes(kind));
    expect(others.length).toBeGreaterThan(20);
    for (const route of others) {
      const path = route.path.replace(/\{\w+\}/g, "unknown");
      expect(await callWith(key, route, path), `${route.method} ${path}`).toMatchObject(refusal(403, "FORBIDDEN"));
    }
    // The same scopes without the limit are let in: it is the limit that is refused.
    const { body } = await server.call("GET", "whoami", undefined, { key });
    expect([body.queues, body.workflows]).toEqual(kind === "queues" ? [["something"], null] : [null, ["something"]]);
    expect((await server.call("GET", "schedules")).status).toBe(200);
  });
});

describe("a key that is limited to queues", () => {
  let key: string;
  beforeAll(async () => {
    key = await keyFor({ scopes: ["worker"], queues: ["q1", "q2"] });
  });

  test("registers workers for those queues alone", async () => {
    expect(await register(["q1"], key)).toMatch(/^wrk_/);
    expect(await register(["q2", "q1"], key)).toMatch(/^wrk_/);
    for (const queues of [["q3"], ["q1", "q3"]]) {
      const body = { queues, tasks: ["t"], language: "curl", sdkVersion: "1", capacity: 1 };
      expect(await server.call("POST", "workers", body, { key })).toMatchObject(refusal(403, "FORBIDDEN"));
    }
  });

  test.each([
    ["POST", "poll", { capacity: 1 }],
    ["POST", "heartbeat", { running: [] }],
    ["POST", "drain", undefined],
    ["DELETE", "", undefined],
  ] as const)("neither sees nor touches another's worker: %s %s", async (method, verb, body) => {
    const workers = [await register(["q3"]), await register(["q1", "q3"])];
    for (const worker of workers) {
      const path = `workers/${worker}${verb && `/${verb}`}`;
      expect(await server.call(method, path, body, { key })).toMatchObject(refusal(404, "WORKER_NOT_FOUND"));
      // One that drains declares nothing any more, and is another's all the same.
      expect((await server.call("POST", `workers/${worker}/drain`)).status).toBe(204);
      expect(await server.call(method, path, body, { key })).toMatchObject(refusal(404, "WORKER_NOT_FOUND"));
    }
    const own = await register(["q1"], key);
    expect((await server.call(method, `workers/${own}${verb && `/${verb}`}`, body, { key })).status).toBeLessThan(300);
  });

  test("answers for tasks of its queues alone", async () => {
    const task = async (queue: string) => {
      const node = { id: "charge", type: "task", task: "charge", queue };
      await server.call("POST", "workflows", { definition: { name: `on_${queue}`, nodes: [node], edges: [] } });
      await server.call("POST", "executions", { workflow: `on_${queue}` });
      const worker = await register([queue]);
      return (await server.call("POST", `workers/${worker}/poll`, { capacity: 1, waitMs: 10_000 })).body.tasks[0];
    };
    for (const [queue, isOwn] of [
      ["q2", true],
      ["q3", false],
    ] as const) {
      const { taskId, leaseToken } = await task(queue);
      for (const [verb, body] of [
        ["heartbeat", {}],
        ["complete", { output: 1 }],
      ] as const) {
        const answer = await server.call("POST", `tasks/${taskId}/${verb}`, { leaseToken, ...body }, { key });
        if (isOwn) expect(answer.status, verb).toBe(200);
        else expect(answer, verb).toMatchObject(refusal(404, "TASK_NOT_FOUND"));
      }
    }
  });
});
