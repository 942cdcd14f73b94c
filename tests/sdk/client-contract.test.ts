/** Every call of the client against the routes that the server declares: the path is one, query and body have its shape. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Router } from "@/lib/http/router";
import { ROUTES } from "@/lib/http/routes";
import { Client, step, workflow } from "@/worker-sdk/src/index";
import { ScriptedServer } from "./support/scripted-server";

let server: ScriptedServer;
let client: Client;
const router = new Router(ROUTES);
const asked = new Set<string>();
const w = workflow("w").timeline(step("a", () => 1));

beforeAll(async () => {
  server = await ScriptedServer.start();
  client = new Client({ url: server.url, apiKey: "secret" });
});
afterAll(async () => {
  client.close();
  await server.stop();
});

/** Every call with everything that it may be given. */
const CALLS: Record<string, (client: Client) => Promise<unknown>> = {
  publish: (client) => client.publish(w),
  validate: (client) => client.validate(w),
  "workflows.list": ({ workflows }) => workflows.list({ limit: 5, cursor: "a" }),
  "workflows.get": ({ workflows }) => workflows.get("w"),
  "workflows.archive": ({ workflows }) => workflows.archive("w"),
  "workflows.version": ({ workflows }) => workflows.version("w", 2),
  start: (client) =>
    client.start({
      workflow: w,
      version: 1,
      input: { n: 1 },
      key: "k",
      tags: ["t"],
      correlationId: "c",
      priority: 5,
      timeoutMs: 1_000,
      startAt: new Date(0),
    }),
  startBatch: (client) => client.startBatch([{ workflow: "w" }]),
  get: (client) => client.get("key:a/b c"),
  list: (client) =>
    client.list({
      workflow: "w",
      status: ["failed", "timed_out"],
      tag: "a&b",
      correlationId: "c",
      startedAfter: "2025-01-01T00:00:00Z",
      startedBefore: "2025-01-02T00:00:00Z",
      parent: "exe_0000000000000",
      q: "x",
      limit: 10,
    }),
  steps: (client) => client.steps("exe_1", { iteration: 2, status: "failed", limit: 5, cursor: "1" }),
  stateAt: (client) => client.stateAt("exe_1", 7),
  explain: (client) => client.explain("exe_1"),
  logs: (client) => client.logs("exe_1", { node: "a", attempt: 1, task: "tsk_0000000000001", limit: 5 }),
  events: (client) => client.events("exe_1", { after: 5, limit: 5 }),
  value: (client) => client.value("exe_1", "0".repeat(64)),
  stream: (client) => client.stream("exe_1").next(),
  result: (client) => client.result("exe_1"),
  signal: (client) => client.signal("exe_1", "a/b", { n: 1 }),
  cancel: (client) => client.cancel("exe_1", { reason: "r", compensate: true }),
  terminate: (client) => client.terminate("exe_1", { reason: "r" }),
  pause: (client) => client.pause("exe_1", { reason: "r" }),
  resume: (client) => client.resume("exe_1", { reason: "r" }),
  retry: (client) => client.retry("exe_1", { fromNode: "a", input: 1, reason: "r" }),
  planRetry: (client) => client.planRetry("exe_1", { fromNode: "a" }),
  fork: (client) => client.fork("exe_1", { at: 3, input: 1, version: 2, overrides: { a: { output: 1 } }, reason: "r" }),
  planFork: (client) => client.planFork("exe_1", { at: 3 }),
  "bulk of a filter": (client) =>
    client.bulk({ action: "cancel", filter: { status: ["failed"], tag: "t" }, reason: "r", compensate: true }),
  "bulk of ids": (client) => client.bulk({ action: "signal", ids: ["exe_1"], signal: "go", payload: 1 }),
  operation: (client) => client.operation("opr_1"),
  verify: (client) => client.verify("exe_1"),
  "approvals.list": ({ approvals }) =>
    approvals.list({ status: "pending", assignee: "me", execution: "exe_1", limit: 5 }),
  "approvals.get": ({ approvals }) => approvals.get("apr_1"),
  "approvals.decide": ({ approvals }) => approvals.decide("apr_1", "approved", { data: { n: 1 }, comment: "c" }),
  "deadLetters.list": ({ deadLetters }) =>
    deadLetters.list({ workflow: "w", code: "C", fingerprint: "f", status: "open", limit: 5 }),
  "deadLetters.groups": ({ deadLetters }) => deadLetters.groups({ limit: 5 }),
  "deadLetters.get": ({ deadLetters }) => deadLetters.get("dlq_1"),
  "deadLetters.retry": ({ deadLetters }) => deadLetters.retry("dlq_1", { reason: "r" }),
  "deadLetters.resolve": ({ deadLetters }) => deadLetters.resolve("dlq_1", { note: "n" }),
  "deadLetters.bulk": ({ deadLetters }) =>
    deadLetters.bulk({ action: "resolve", filter: { workflow: "w" }, note: "n" }),
  "schedules.list": ({ schedules }) => schedules.list({ limit: 5 }),
  "schedules.get": ({ schedules }) => schedules.get("sch_1"),
  "schedules.create": ({ schedules }) =>
    schedules.create({
      name: "nightly",
      cron: "0 3 * * *",
      timezone: "Europe/Berlin",
      workflow: "w",
      version: 1,
      input: null,
      overlap: "queue",
      catchUpWindow: "2h",
      paused: true,
      pauseReason: "r",
    }),
  "schedules.update": ({ schedules }) => schedules.update("sch_1", { version: null, paused: false, pauseReason: null }),
  "schedules.delete": ({ schedules }) => schedules.delete("sch_1"),
  "schedules.trigger": ({ schedules }) => schedules.trigger("sch_1"),
  "schedules.backfill": ({ schedules }) =>
    schedules.backfill("sch_1", { from: new Date(0), to: "1970-01-02T00:00:00Z" }),
  "schedules.preview": ({ schedules }) => schedules.preview("sch_1", { count: 3 }),
  "workers.list": ({ workers }) => workers.list({ limit: 5 }),
  "workers.drain": ({ workers }) => workers.drain("wrk_1"),
  "queues.list": ({ queues }) => queues.list({ limit: 5 }),
  "queues.limits": ({ queues }) => queues.limits("payments"),
  "queues.setLimits": ({ queues }) => queues.setLimits("payments", { paused: true, rate: { limit: 5, perMs: 1_000 } }),
};

it.each(Object.entries(CALLS))("%s", async (_, call) => {
  const made = call(client);
  const request = await server.next("*", /./);
  const [path, search = ""] = request.path.split("?");
  const match = router.match(request.method, `/api/v1${path}`);
  expect(match).toMatchObject({ kind: "found" });
  if (match.kind !== "found") return;
  asked.add(`${match.route.method} ${match.route.path}`);
  const { query, body } = match.route;
  // A cursor is whatever the server gave: its form is no business of the client.
  const params = Object.fromEntries([...new URLSearchParams(search)].filter(([name]) => name !== "cursor"));
  if (query !== undefined) query.parse(params);
  else expect(params).toEqual({});
  if (body !== undefined) body.parse(request.json());
  request.refuse(404, "NOT_FOUND");
  await expect(made).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("leaves out only what workers, editors and administrators call", () => {
  const left = ROUTES.map(({ method, path }) => `${method} ${path}`).filter((route) => !asked.has(route));
  expect(left.filter((route) => !NOT_CALLED.test(route))).toEqual([]);
});

const NOT_CALLED =
  /\/tasks\/|\/workers(\/\{worker\}(\/poll|\/heartbeat)?)?$|openapi|GET \/(healthz|readyz|metrics)|draft|changes|overview|stats|actors|schedules\/times|saved-views|executions\/counts|api-keys|namespaces|audit-log|alerts|signing-keys|\{execution\}\/(export|file)$|members|organisation|invitations|\/me(\/namespace)?$|whoami/;
