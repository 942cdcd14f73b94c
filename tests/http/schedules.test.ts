// Schedules over HTTP: made, read, changed, previewed, triggered, backfilled, removed; and refused with a pointer to what is wrong.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApiKey } from "@/db/queries/api-keys";
import { hashSecret, newApiKeySecret } from "@/lib/auth/api-keys";
import { executionSchema } from "@/lib/contract/executions";
import type { Scope } from "@/lib/contract/permissions";
import { type Schedule, scheduleSchema } from "@/lib/contract/schedules";
import { type CallOptions, startServer, type TestAnswer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  for (const definition of [WORKFLOW, STRICT]) {
    const { status } = await server.call("POST", "workflows", { definition });
    expect(status).toBe(201);
  }
});
afterAll(() => server?.close());

const WORKFLOW = {
  name: "report",
  nodes: [{ id: "write", type: "transform", value: { for: "=input", tags: "=execution.tags" } }],
  edges: [],
};
const STRICT = { ...WORKFLOW, name: "strict", inputSchema: { type: "object", required: ["day"] } };

let names = 0;
function unused(): string {
  names += 1;
  return `schedule_${names}`;
}
/** Never in the time that a test takes. */
const FAR = "0 0 29 2 *";

async function make(body: object = {}, options?: CallOptions): Promise<Schedule> {
  const made = await server.call(
    "POST",
    "schedules",
    { name: unused(), cron: FAR, workflow: "report", ...body },
    options,
  );
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return scheduleSchema.parse(made.body);
}

const read = async (id: string) => scheduleSchema.parse((await server.call("GET", `schedules/${id}`)).body);

function refusal({ status, body }: TestAnswer): string {
  const errors = (body.errors ?? []).map((error: { path: string; code: string }) => `${error.path} ${error.code}`);
  return [`${status} ${body.code}`, ...errors].join(", ");
}

describe("a schedule", () => {
  test("is made with safe defaults, and read back as it was sent", async () => {
    const name = unused();
    const made = await make({ name, cron: "0 9 * * 1-5" });
    expect(made).toMatchObject({
      name,
      cron: "0 9 * * 1-5",
      timezone: "UTC",
      workflow: "report",
      version: null,
      input: null,
      overlap: "skip",
      catchUpWindow: "1d",
      paused: false,
      pauseReason: null,
      lastRunAt: null,
      lastExecutionId: null,
      lastError: null,
      waiting: 0,
      skipped: 0,
      missed: 0,
      createdBy: expect.stringMatching(/^key:/),
    });
    expect(made.id).toMatch(/^sch_/);
    expect(made.nextRunAt).toMatch(/T09:00:00\.000Z$/);
    expect(await read(made.id)).toEqual(made);
  });

  test("takes everything, six fields and a pause included", async () => {
    const body = {
      cron: "30 0 9 * * MON",
      timezone: "America/New_York",
      version: 1,
      input: { day: "today", nested: [1, null, "x"] },
      overlap: "cancel_previous",
      catchUpWindow: 90_000,
      paused: true,
      pauseReason: "not yet",
    };
    const made = await make(body);
    expect(made).toMatchObject({ ...body, nextRunAt: null });
  });

  test("that is made again is the one that is there, another of its name is refused", async () => {
    const name = unused();
    const made = await make({ name, input: { a: 1, b: 2 } });
    const again = (body: object) =>
      server.call("POST", "schedules", { name, cron: FAR, workflow: "report", input: { b: 2, a: 1 }, ...body });
    expect(await again({})).toMatchObject({ status: 200, body: { id: made.id } });
    expect(refusal(await again({ overlap: "allow" }))).toBe("409 NAME_TAKEN");
  });

  test("is changed in what is named, and keeps the rest", async () => {
    const made = await make({ version: 1, input: 7, catchUpWindow: "5m" });
    const patch = (body: object) => server.call("PATCH", `schedules/${made.id}`, body);
    const changed = await patch({ overlap: "queue", version: null, cron: "0 12 * * *", timezone: "Asia/Kolkata" });
    expect(changed.status).toBe(200);
    expect(scheduleSchema.parse(changed.body)).toMatchObject({
      name: made.name,
      overlap: "queue",
      version: null,
      input: 7,
      catchUpWindow: "5m",
      nextRunAt: expect.stringMatching(/T06:30:00\.000Z$/),
    });
    expect((await patch({ paused: true, pauseReason: "broken" })).body).toMatchObject({
      paused: true,
      pauseReason: "broken",
      nextRunAt: null,
    });
    expect((await patch({ pauseReason: null })).body).toMatchObject({ paused: true, pauseReason: null });
    expect((await patch({ paused: false, pauseReason: "forgotten" })).body).toMatchObject({
      paused: false,
      pauseReason: null,
      nextRunAt: expect.stringMatching(/T06:30:00\.000Z$/),
    });
    expect((await patch({})).status).toBe(200);
    const other = await make();
    expect(refusal(await patch({ name: other.name }))).toBe("409 NAME_TAKEN");
    expect((await patch({ name: `${made.name}_renamed` })).body).toMatchObject({ name: `${made.name}_renamed` });
  });

  test("whose workflow was archived can still be paused", async () => {
    await server.call("POST", "workflows", { definition: { ...WORKFLOW, name: "passing" } });
    const made = await make({ workflow: "passing" });
    await server.instance.reads.query("update workflows set archived_at = now() where name = 'passing'");
    const { status } = await server.call("PATCH", `schedules/${made.id}`, { paused: true });
    expect(status).toBe(200);
  });

  test("is listed newest first, page by page", async () => {
    const made = [await make(), await make(), await make()].map(({ id }) => id).reverse();
    const first = await server.call("GET", "schedules?limit=2");
    expect(first.body.items.map(({ id }: Schedule) => id)).toEqual(made.slice(0, 2));
    const second = await server.call("GET", `schedules?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.items[0].id).toBe(made[2]);
    expect(refusal(await server.call("GET", "schedules?cursor=nonsense"))).toContain("422 INVALID_REQUEST");
  });

  test("is gone once it is removed", async () => {
    const { id } = await make();
    expect((await server.call("DELETE", `schedules/${id}`)).status).toBe(204);
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["DELETE", "", undefined],
      ["PATCH", "", { paused: true }],
      ["POST", "/trigger", {}],
      ["POST", "/backfill", { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }],
      ["GET", "/preview", undefined],
    ] as const)
      expect(refusal(await server.call(method, `schedules/${id}${path}`, body)), path).toBe("404 SCHEDULE_NOT_FOUND");
  });
});

describe("what cannot be a schedule", () => {
  const attempt = async (body: object) =>
    refusal(await server.call("POST", "schedules", { name: unused(), cron: FAR, workflow: "report", ...body }));

  test.each([
    ["an expression that is none", { cron: "every day" }, "422 INVALID_REQUEST, /cron CRON"],
    ["seven fields", { cron: "0 0 0 1 1 * 2030" }, "422 INVALID_REQUEST, /cron CRON"],
    ["a day that never comes", { cron: "0 0 30 2 *" }, "422 INVALID_REQUEST, /cron NEVER_RUNS"],
    ["a zone that is none", { timezone: "Europe/Atlantis" }, "422 INVALID_REQUEST, /timezone TIMEZONE"],
    ["an offset for a zone", { timezone: "+02:00" }, "422 INVALID_REQUEST, /timezone TIMEZONE"],
    ["a window that is none", { catchUpWindow: "soon" }, "422 INVALID_REQUEST, /catchUpWindow DURATION"],
    [
      "several of them at once",
      { cron: "x", timezone: "y", catchUpWindow: "z" },
      "422 INVALID_REQUEST, /cron CRON, /timezone TIMEZONE, /catchUpWindow DURATION",
    ],
    ["an overlap that is none", { overlap: "maybe" }, "422 INVALID_REQUEST, /overlap INVALID_VALUE"],
    ["a field that is none", { crom: "x" }, "422 INVALID_REQUEST, /crom UNKNOWN_FIELD"],
    ["a name that makes no tag", { name: "x".repeat(101) }, "422 INVALID_REQUEST, /name TOO_BIG"],
    ["a workflow that is none", { workflow: "unknown" }, "404 WORKFLOW_NOT_FOUND"],
    ["a version that is none", { version: 9 }, "404 WORKFLOW_NOT_FOUND"],
    [
      "an input that the workflow does not take",
      { workflow: "strict", input: {} },
      "422 INVALID_INPUT, /input REQUIRED",
    ],
    ["an input that is too large", { input: "x".repeat(1_100_000) }, "413 PAYLOAD_TOO_LARGE"],
    ["text that cannot be stored", { pauseReason: "\u0000" }, "422 INVALID_TEXT"],
  ])("%s is refused", async (_, body, expected) => {
    expect(await attempt(body)).toBe(expected);
  });

  test("is no change of one either, and leaves it as it was", async () => {
    const made = await make();
    const patch = async (body: object) => refusal(await server.call("PATCH", `schedules/${made.id}`, body));
    expect(await patch({ cron: "0 0 30 2 *" })).toBe("422 INVALID_REQUEST, /cron NEVER_RUNS");
    expect(await patch({ timezone: "Nowhere" })).toBe("422 INVALID_REQUEST, /timezone TIMEZONE");
    expect(await patch({ workflow: "strict" })).toBe("422 INVALID_INPUT, /input TYPE");
    expect(await patch({ workflow: "unknown" })).toBe("404 WORKFLOW_NOT_FOUND");
    expect(await patch({ id: "sch_1" })).toBe("422 INVALID_REQUEST, /id UNKNOWN_FIELD");
    expect(await read(made.id)).toEqual(made);
  });
});

describe("a preview", () => {
  test("says when it would run before it is saved, from now or from any day on", async () => {
    const times = async (query: string) => server.call("GET", `schedules/times?${query}`);
    const asked = "cron=0+0+1+1+*&timezone=Europe%2FBerlin&from=2030-06-01T00:00:00%2B02:00&count=2";
    expect((await times(asked)).body.times).toEqual(["2030-12-31T23:00:00.000Z", "2031-12-31T23:00:00.000Z"]);
    expect((await times("cron=*+*+*+*+*")).body.times).toHaveLength(10);
    expect(refusal(await times("cron=soon&timezone=Here"))).toBe("422 INVALID_REQUEST, /cron CRON, /timezone TIMEZONE");
    expect((await times("cron=*+*+*+*+*&from=today")).status).toBe(422);
  });

  test("can begin on any day", async () => {
    const { id } = await make({ cron: "0 0 1 1 *" });
    const { body } = await server.call("GET", `schedules/${id}/preview?count=1&from=2040-01-01T00:00:00Z`);
    expect(body.times).toEqual(["2041-01-01T00:00:00.000Z"]);
  });

  test("says when it will run next, also while it is paused", async () => {
    const { id } = await make({ cron: "0 0 1 1 *", timezone: "Europe/Berlin", paused: true });
    const { status, body } = await server.call("GET", `schedules/${id}/preview?count=3`);
    expect(status).toBe(200);
    expect(body.times.map((time: string) => time.slice(4))).toEqual(Array(3).fill("-12-31T23:00:00.000Z"));
  });

  test("has ten times by default and a hundred at most", async () => {
    const { id } = await make({ cron: "* * * * *", paused: true });
    const count = async (query: string) =>
      (await server.call("GET", `schedules/${id}/preview${query}`)).body.times.length;
    expect(await count("")).toBe(10);
    expect(await count("?count=5000")).toBe(100);
    expect(await count("?count=0")).toBe(0);
    expect(refusal(await server.call("GET", `schedules/${id}/preview?count=-1`))).toContain("422 INVALID_REQUEST");
  });
});

describe("a trigger", () => {
  test("starts an execution that is found by the schedule's tag and stands in the schedule", async () => {
    const made = await make({ input: { day: "today" }, paused: true });
    const { status, body } = await server.call("POST", `schedules/${made.id}/trigger`);
    expect(status).toBe(201);
    const list = await server.call("GET", `executions?tag=schedule:${made.name}`);
    expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual([body.executionId]);
    const execution = executionSchema.parse((await server.call("GET", `executions/${body.executionId}`)).body);
    expect(execution).toMatchObject({
      status: "completed",
      output: { write: { for: { day: "today" }, tags: [`schedule:${made.name}`] } },
    });
    expect(await read(made.id)).toMatchObject({
      lastExecutionId: body.executionId,
      lastRunAt: execution.createdAt,
      nextRunAt: null,
    });
  });

  test("repeated with its idempotency key starts nothing more", async () => {
    const { id, name } = await make();
    const trigger = () =>
      server.call("POST", `schedules/${id}/trigger`, undefined, { headers: { "idempotency-key": `once ${id}` } });
    const [first, again] = [await trigger(), await trigger()];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect((await server.call("GET", `executions?tag=schedule:${name}`)).body.items).toHaveLength(1);
  });
});

describe("a backfill", () => {
  test("answers with its runs, which then run, each with its instant as a tag", async () => {
    const { id, name } = await make({ cron: "0 6 * * *", overlap: "allow" });
    const { status, body } = await server.call("POST", `schedules/${id}/backfill`, {
      from: "2026-03-01T07:00:00+01:00",
      to: "2026-03-02T23:00:00Z",
    });
    expect(status).toBe(202);
    expect(body.times).toEqual(["2026-03-01T06:00:00.000Z", "2026-03-02T06:00:00.000Z"]);
    const tags = new Set<string>();
    while (tags.size < 2) {
      const { body } = await server.call("GET", `executions?tag=schedule:${name}`);
      for (const item of body.items) tags.add(item.tags[1]);
    }
    expect([...tags].sort()).toEqual(body.times.map((time: string) => `scheduledAt:${time}`));
  });

  test.each([
    [{ from: "yesterday", to: "2026-03-02T23:00:00Z" }, "422 INVALID_REQUEST, /from INVALID_FORMAT"],
    [{ from: "2026-03-02T23:00:00Z" }, "422 INVALID_REQUEST, /to INVALID_TYPE"],
    [{ from: "2026-03-02T00:00:00Z", to: "2026-03-01T00:00:00Z" }, "422 INVALID_REQUEST, /to RANGE"],
    [{ from: "2026-03-02T00:00:00Z", to: "9999-01-01T00:00:00Z" }, "422 INVALID_REQUEST, /to FUTURE"],
    [{ from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }, "422 INVALID_REQUEST, /to TOO_MANY"],
  ])("of %j is refused", async (body, expected) => {
    const { id } = await make({ cron: "* * * * *", paused: true });
    expect(refusal(await server.call("POST", `schedules/${id}/backfill`, body))).toBe(expected);
  });
});

describe("a key", () => {
  async function keyWith(scopes: Scope[], namespaceId = 1): Promise<string> {
    const secret = newApiKeySecret();
    const { instance } = server;
    const id = instance.services.keys.next();
    const key = { id, namespaceId, name: "test", prefix: "cbk_test", hash: hashSecret(secret), scopes };
    await instance.reads.query(addApiKey(key));
    return secret;
  }
  const calls = (id: string) =>
    [
      ["POST", "schedules", { name: unused(), cron: FAR, workflow: "report" }],
      ["PATCH", `schedules/${id}`, { input: 1 }],
      ["POST", `schedules/${id}/trigger`, {}],
      ["POST", `schedules/${id}/backfill`, { from: "2024-02-01T00:00:00Z", to: "2024-03-01T00:00:00Z" }],
      ["GET", "schedules", undefined],
      ["GET", `schedules/${id}`, undefined],
      ["GET", `schedules/${id}/preview`, undefined],
      ["DELETE", `schedules/${id}`, undefined],
    ] as const;

  test.each([
    ["deploy", () => true],
    ["admin", () => true],
    ["read", (method: string) => method === "GET"],
    ["client", (method: string) => method === "GET"],
    ["worker", () => false],
  ] as const)("with the scope %s may do what it should and no more", async (scope, may) => {
    const { id } = await make();
    const key = await keyWith([scope]);
    for (const [method, path, body] of calls(id)) {
      const { status } = await server.call(method, path, body, { key });
      expect(status < 300 ? true : status, `${method} ${path}`).toBe(may(method) ? true : 403);
    }
  });

  test("of another namespace sees none, and may use its name again", async () => {
    const { id, name } = await make();
    const { rows } = await server.instance.reads.query<{ id: number }>(
      "insert into namespaces (name) values ('other') returning id",
    );
    const key = await keyWith(["admin"], rows[0]?.id);
    for (const [method, path, body] of calls(id).filter(([, path]) => path.includes(id)))
      expect((await server.call(method, path, body, { key })).status, `${method} ${path}`).toBe(404);
    expect((await server.call("GET", "schedules", undefined, { key })).body.items).toEqual([]);
    await server.call("POST", "workflows", { definition: WORKFLOW }, { key });
    await make({ name }, { key });
    expect((await read(id)).name).toBe(name);
  });
});
