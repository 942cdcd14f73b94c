// Bad input gets its documented answer, and nothing good is lost beside it.
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemSchema } from "@/lib/contract/problems";
import { API_KEY, type CallOptions, startServer, type TestServer, twoSteps } from "./support";

let server: TestServer;
let workflow: string;
beforeAll(async () => {
  server = await startServer();
  workflow = (await server.call("POST", "workflows", { definition: twoSteps() })).body.name;
});
afterAll(() => server?.close());

const WORKER = { queues: ["default"], tasks: ["greet", "shout"], language: "curl", sdkVersion: "1", capacity: 100 };
const UNKNOWN = "exe_0000000000001";
const LONE = "\\ud800";

/** The status, and the code of the problem, which must look like one. */
async function refusal(method: string, path: string, body?: unknown, options?: CallOptions): Promise<string> {
  const answer = await server.call(method, path, body, options);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = problemSchema.parse(answer.body);
  expect(problem.status).toBe(answer.status);
  expect(problem.requestId).toBe(answer.headers.get("x-request-id"));
  expect(JSON.stringify(answer.body)).not.toMatch(/select |insert |\bat \/|node_modules/i);
  return `${answer.status} ${problem.code}`;
}

describe("a body", () => {
  const start = (body: unknown, options?: CallOptions) => refusal("POST", "executions", body, options);

  test.each(["{", '{"a":1,}', "", "nothing", '{"workflow":"a"}}'])(
    "that is no JSON (%s) is INVALID_JSON",
    async (text) => {
      expect(await start(text)).toBe("400 INVALID_JSON");
    },
  );

  test("that is no UTF-8 is INVALID_JSON", async () => {
    const response = await fetch(`${server.url}/api/v1/executions`, {
      method: "POST",
      headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
      body: new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]),
    });
    expect([response.status, (await response.json()).code]).toEqual([400, "INVALID_JSON"]);
  });

  test("of the wrong shape is INVALID_REQUEST, with everything that is wrong", async () => {
    const { status, body } = await server.call("POST", "executions", {
      workflow: 7,
      priority: 1000,
      typo: 1,
      another: 2,
    });
    expect([status, body.code]).toEqual([422, "INVALID_REQUEST"]);
    expect(body.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      "/another",
      "/priority",
      "/typo",
      "/workflow",
    ]);
    expect(body.errors.find((error: { path: string }) => error.path === "/typo").code).toBe("UNKNOWN_FIELD");
    for (const value of ["[]", '"text"', "1", "null", "true"]) expect(await start(value)).toBe("422 INVALID_REQUEST");
  });

  test("of another content type is UNSUPPORTED_MEDIA_TYPE", async () => {
    expect(await start("{}", { headers: { "content-type": "text/plain" } })).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    expect(await start("{}", { headers: { "content-type": "application/jsonp" } })).toBe("415 UNSUPPORTED_MEDIA_TYPE");
  });

  test("that is left out is an empty object", async () => {
    expect(await refusal("POST", "executions")).toBe("422 INVALID_REQUEST");
    expect(await refusal("POST", `executions/${UNKNOWN}/cancel`)).toBe("404 EXECUTION_NOT_FOUND");
  });

  test.each(["\\u0000", LONE, "\\udc00 and \\ud83d"])(
    "with text that cannot be stored (%s) is INVALID_TEXT, in values and in names",
    async (text) => {
      expect(await start(`{"workflow":"${workflow}","input":{"a":["${text}"]}}`)).toBe("422 INVALID_TEXT");
      expect(await start(`{"workflow":"${workflow}","input":{"${text}":1}}`)).toBe("422 INVALID_TEXT");
      expect(await start(`{"workflow":"${workflow}","key":"${text}"}`)).toBe("422 INVALID_TEXT");
    },
  );

  test("with a member named __proto__ is refused, in whatever way it is written", async () => {
    expect(await start(`{"workflow":"${workflow}","input":{"__proto__":{"admin":true}}}`)).toBe("422 INVALID_TEXT");
    expect(await start(`{"workflow":"${workflow}","input":{"\\u005f_proto__":1}}`)).toBe("422 INVALID_TEXT");
  });

  test("with an escaped pair of surrogates is taken", async () => {
    const { status } = await server.call("POST", "executions", `{"workflow":"${workflow}","input":"\\ud83d\\ude00"}`);
    expect(status).toBe(201);
  });

  test("nested a hundred thousand deep is refused, not followed", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(await start(`{"workflow":"${workflow}","input":${deep}}`)).toBe("422 INVALID_REQUEST");
    expect(await start("[".repeat(1_000_000))).toBe("422 INVALID_REQUEST");
  });

  test("with a payload of 2 MiB is PAYLOAD_TOO_LARGE", async () => {
    expect(await start({ workflow, input: "x".repeat(2 * 1024 * 1024) })).toBe("413 PAYLOAD_TOO_LARGE");
  });

  test("above 10 MiB is PAYLOAD_TOO_LARGE, whether it says so or is found to be", async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x20);
    expect(await start(" ".repeat(11 * 1024 * 1024))).toBe("413 PAYLOAD_TOO_LARGE");
    const streamed = await fetch(`${server.url}/api/v1/executions`, {
      method: "POST",
      headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
      body: new ReadableStream({
        start(controller) {
          for (let i = 0; i < 12; i++) controller.enqueue(chunk);
          controller.close();
        },
      }),
      duplex: "half",
    } as RequestInit);
    expect([streamed.status, (await streamed.json()).code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    expect((await server.call("GET", "/healthz")).status).toBe(200);
  });
});

describe("a call", () => {
  test.each([
    ["GET", "/api/v1/nothing", "404 NOT_FOUND"],
    ["GET", "/api/v1/executions/", "404 NOT_FOUND"],
    ["GET", "/api/v1/executions/%E0%A4%A/events", "404 NOT_FOUND"],
    ["GET", `/api/v1/executions/${UNKNOWN}`, "404 EXECUTION_NOT_FOUND"],
    ["GET", "/api/v1/executions/exe_not-an-id", "404 EXECUTION_NOT_FOUND"],
    ["GET", "/api/v1/executions/key:unknown", "404 EXECUTION_NOT_FOUND"],
    ["GET", "/api/v1/executions/key:%00", "404 NOT_FOUND"],
    ["GET", `/api/v1/executions/${UNKNOWN}/events`, "404 EXECUTION_NOT_FOUND"],
    ["GET", `/api/v1/executions/${UNKNOWN}/result`, "404 EXECUTION_NOT_FOUND"],
    ["GET", `/api/v1/executions/${UNKNOWN}/state?at=1`, "404 EXECUTION_NOT_FOUND"],
    ["POST", `/api/v1/executions/${UNKNOWN}/verify`, "404 EXECUTION_NOT_FOUND"],
    ["GET", "/api/v1/workflows/unknown", "404 WORKFLOW_NOT_FOUND"],
    ["GET", "/api/v1/workflows/%00", "404 NOT_FOUND"],
    ["GET", "/api/v1/workflows/unknown/versions/1", "404 WORKFLOW_NOT_FOUND"],
    ["GET", "/api/v1/workflows/unknown/versions/latest", "404 WORKFLOW_NOT_FOUND"],
    ["DELETE", "/api/v1/workers/wrk_0000000000001", "404 WORKER_NOT_FOUND"],
    ["GET", "/api/v1/executions?status=finished", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/executions?limit=0", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/executions?limit=ten", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/executions?cursor=nonsense", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/executions?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OQ", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/executions?startedAfter=yesterday", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/executions?staus=failed", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/executions?status=failed&status=failed", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/executions?tag=%00", "422 INVALID_TEXT"],
    ["GET", "/api/v1/workflows?cursor=AA", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/queues?cursor=AA", "422 INVALID_REQUEST"],
    ["GET", "/api/v1/openapi.json?x=1", "422 INVALID_REQUEST"],
  ])("%s %s is %s", async (method, path, expected) => {
    expect(await refusal(method, path)).toBe(expected);
  });

  test("with the wrong method is told which there are", async () => {
    const answer = await server.call("DELETE", "executions");
    expect([answer.status, answer.body.code]).toEqual([405, "METHOD_NOT_ALLOWED"]);
    expect(answer.headers.get("allow")).toBe("POST, GET");
  });

  test("with a limit above 200 gets 200", async () => {
    expect((await server.call("GET", "executions?limit=100000")).status).toBe(200);
  });

  test("that is no HTTP is answered 400, and the next one is served", async () => {
    const { hostname, port } = new URL(server.url);
    const text = await new Promise<string>((resolve, reject) => {
      let got = "";
      const socket = connect(Number(port), hostname, () => socket.write("NOT HTTP AT ALL\r\n\r\n"));
      socket.on("data", (data) => {
        got += data;
      });
      socket.on("end", () => resolve(got));
      socket.on("error", reject);
    });
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect((await server.call("GET", "/healthz")).status).toBe(200);
  });

  test("for an unknown workflow, or to a worker that is none, is refused", async () => {
    expect(await refusal("POST", "executions", { workflow: "unknown" })).toBe("404 WORKFLOW_NOT_FOUND");
    expect(await refusal("POST", "workers/wrk_0000000000001/poll", { capacity: 1 })).toBe("404 WORKER_NOT_FOUND");
    expect(await refusal("POST", "executions", { workflow }, { headers: { "idempotency-key": "x".repeat(300) } })).toBe(
      "422 INVALID_REQUEST",
    );
  });
});

describe("a definition", () => {
  const publish = (definition: unknown) => server.call("POST", "workflows", { definition });

  test("with many faults is answered with all of them", async () => {
    const { status, body } = await publish({
      name: "faulty",
      nodes: [
        { id: "a", type: "task", task: "t" },
        { id: "a", type: "sleep", duration: "soon" },
      ],
      edges: [{ from: "a", to: "z" }],
    });
    expect([status, body.code]).toEqual([422, "INVALID_DEFINITION"]);
    expect(body.errors.length).toBeGreaterThanOrEqual(3);
    for (const error of body.errors) expect(error.path).toMatch(/^\/(nodes|edges)\//);
  });

  test("of 5,000 nodes is published in good time, and its page shows the first 500 steps", async () => {
    const nodes = Array.from({ length: 5000 }, (_, i) => ({ id: `n${i}`, type: "task", task: "greet", queue: "huge" }));
    const edges = nodes.slice(1).map(({ id }, i) => ({ from: `n${i}`, to: id }));
    const before = performance.now();
    expect((await publish({ name: "huge", nodes, edges })).status).toBe(201);
    const started = await server.call("POST", "executions", { workflow: "huge" });
    expect(started.status).toBe(201);
    expect(performance.now() - before).toBeLessThan(20_000);
    const detail = await server.call("GET", `executions/${started.body.id}`);
    expect(detail.body.steps.length).toBe(500);
    const next = await server.call("GET", `executions/${started.body.id}/steps?cursor=${detail.body.stepsCursor}`);
    expect(next.body.items[0].node).toBe("n500");
  });

  test.each([
    ["an expression bomb", `=${"[".repeat(500)}1${"]".repeat(500)}`],
    ["a regular expression that runs away", "=input.matches('^(a+)+$')"],
    ["macros in macros", `=[1].map(a, [1].map(b, [1].map(c, [1].map(d, a + b + c + d))))`],
  ])("with %s is refused", async (_, value) => {
    const before = performance.now();
    const { status, body } = await publish({ name: "bomb", nodes: [{ id: "a", type: "transform", value }], edges: [] });
    expect([status, body.code]).toEqual([422, "INVALID_DEFINITION"]);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test("of a newer format is refused as such", async () => {
    expect((await publish({ ...twoSteps(), format: 99 })).body.code).toBe("FORMAT_TOO_NEW");
  });

  test.each([null, 7, "text", []])("that is %j is refused", async (definition) => {
    expect((await publish(definition)).body.code).toBe("INVALID_DEFINITION");
  });
});

describe("a worker's call", () => {
  /** Five leased tasks of five executions. */
  async function lease(count = 5) {
    const { workerId } = (await server.call("POST", "workers", WORKER)).body;
    const batch = await server.call("POST", "executions/batch", {
      executions: Array.from({ length: count }, () => ({ workflow, input: { name: "Ada" } })),
    });
    expect(batch.body.results.every((result: { id?: string }) => result.id !== undefined)).toBe(true);
    const { body } = await server.call("POST", `workers/${workerId}/poll`, { capacity: count, waitMs: 5000 });
    expect(body.tasks.length).toBe(count);
    return { workerId, tasks: body.tasks as { taskId: string; leaseToken: string; executionId: string }[] };
  }

  test("with bad results among good ones loses none of the good ones", async () => {
    const { workerId, tasks } = await lease();
    const [good, nul, lone, large, shapeless] = tasks.map(({ taskId, leaseToken }) => ({ taskId, leaseToken }));
    const result = (task: object | undefined, output: string) =>
      JSON.stringify({ ...task, status: "completed" }).replace(/}$/, `,"output":${output}}`);
    const results = [
      result(good, '"fine"'),
      result(nul, '"\\u0000"'),
      result(lone, `{"a":"${LONE}"}`),
      result(large, JSON.stringify("x".repeat(2 * 1024 * 1024))),
      JSON.stringify({ ...shapeless, status: "sideways" }),
      "17",
    ];
    const { status, body } = await server.call(
      "POST",
      `workers/${workerId}/poll`,
      `{"capacity":0,"results":[${results.join(",")}]}`,
    );
    expect(status).toBe(200);
    expect(body.acks.slice(0, 5)).toMatchObject([
      { taskId: good?.taskId, status: "accepted" },
      { taskId: nul?.taskId, status: "rejected", code: "INVALID_TEXT" },
      { taskId: lone?.taskId, status: "rejected", code: "INVALID_TEXT" },
      { taskId: large?.taskId, status: "rejected", code: "PAYLOAD_TOO_LARGE" },
      { taskId: shapeless?.taskId, status: "rejected" },
    ]);
    const failed = await server.call("GET", `executions/${tasks[1]?.executionId}`);
    expect(failed.body).toMatchObject({
      status: "failed",
      steps: [{ status: "failed", error: { code: "INVALID_TEXT" } }, {}],
    });
  });

  test("with a result twice, and with a dead token, changes nothing", async () => {
    const { workerId, tasks } = await lease(2);
    const [one, other] = tasks;
    const result = { taskId: one?.taskId, leaseToken: one?.leaseToken, status: "completed", output: 1 };
    const deliver = async (results: object[]) =>
      (await server.call("POST", `workers/${workerId}/poll`, { capacity: 0, results })).body.acks.map(
        (ack: { status: string }) => ack.status,
      );
    expect(await deliver([result])).toEqual(["accepted"]);
    expect(await deliver([result, result])).toEqual(["duplicate", "duplicate"]);
    await server.call("POST", `executions/${other?.executionId}/cancel`, {});
    expect(await deliver([{ ...result, taskId: other?.taskId, leaseToken: other?.leaseToken }])).toEqual(["stale"]);
    expect(await deliver([{ ...result, leaseToken: "no-token" }])).toEqual(["stale"]);
    const complete = await server.call("POST", `tasks/${other?.taskId}/complete`, { leaseToken: other?.leaseToken });
    expect([complete.status, complete.body.code]).toEqual([409, "STALE_LEASE"]);
  });

  test("sent twice with one request id gives the same tasks twice", async () => {
    const { workerId } = (await server.call("POST", "workers", WORKER)).body;
    await server.call("POST", "executions/batch", {
      executions: [
        { workflow, input: { name: "Ada" } },
        { workflow, input: { name: "Ada" } },
      ],
    });
    const poll = { requestId: "same", capacity: 2, waitMs: 5000 };
    const first = await server.call("POST", `workers/${workerId}/poll`, poll);
    const again = await server.call("POST", `workers/${workerId}/poll`, poll);
    expect(first.body.tasks.length).toBe(2);
    const tokens = (tasks: { leaseToken: string }[]) => tasks.map((task) => task.leaseToken).sort();
    expect(tokens(again.body.tasks)).toEqual(tokens(first.body.tasks));
  });
});
