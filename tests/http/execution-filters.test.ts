// Which executions a filter finds, how many there are of it, and what lists tell of those that failed.
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { decodeId } from "@/lib/contract/ids";
import { task, type Wire } from "./client";
import { startServer, type TestServer } from "./support";

let server: TestServer;
/** `charged` and `declined` failed with codes of these names, `long` with another message; `done` completed; `slow` is open. */
let ids: Record<"charged" | "declined" | "long" | "late" | "done" | "slow" | "second", string>;

const post = async (path: string, body: object): Promise<Wire> => {
  const answer = await server.call("POST", path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
};
const publish = (name: string, nodes: object[]) => post("workflows", { definition: { name, nodes, edges: [] } });
const start = async (workflow: string, more: object = {}): Promise<string> =>
  (await post("executions", { workflow, ...more })).id;

async function found(query: string): Promise<string[]> {
  const { status, body } = await server.call("GET", `executions?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items.map((item: Wire) => item.id);
}

beforeAll(async () => {
  server = await startServer();
  const once = { retry: { maxAttempts: 1 } };
  await publish("pays", [task("charge", once)]);
  await publish("fails", [{ id: "over", type: "fail", code: "OVER", message: "m".repeat(400) }]);
  await publish("makes", [{ id: "made", type: "transform", value: 1 }]);
  await publish("rests", [{ id: "rest", type: "sleep", duration: "30d" }]);
  const worker = { queues: ["default"], tasks: ["charge"], language: "node", sdkVersion: "1", capacity: 5 };
  const { workerId } = await post("workers", worker);
  const failing = async (code: string) => {
    const id = await start("pays");
    const { tasks } = await post(`workers/${workerId}/poll`, { capacity: 1, waitMs: 5000 });
    const [{ taskId, leaseToken }] = tasks;
    await post(`tasks/${taskId}/fail`, { leaseToken, error: { code, message: `The bank said ${code}` } });
    return id;
  };
  const [charged, declined] = [await failing("CHARGED"), await failing("DECLINED")];
  const [long, done, slow] = [await start("fails"), await start("makes"), await start("rests")];
  const late = await start("rests", { timeoutMs: 1 });
  const status = async () => (await server.call("GET", `executions/${late}`)).body.status;
  await vi.waitFor(async () => expect(await status()).toBe("timed_out"), { timeout: 20_000, interval: 20 });
  await publish("makes", [{ id: "made", type: "transform", value: 2 }]);
  const second = await start("makes");
  ids = { charged, declined, long, late, done, slow, second };
});

afterAll(() => server?.close());

describe("a list of executions", () => {
  test("tells why they failed, and which step did", async () => {
    const { items } = (await server.call("GET", "executions")).body;
    const errors = Object.fromEntries(items.map((item: Wire) => [item.id, item.error]));
    expect(errors).toEqual({
      [ids.charged]: { code: "CHARGED", message: "The bank said CHARGED", node: "charge" },
      [ids.declined]: { code: "DECLINED", message: "The bank said DECLINED", node: "charge" },
      [ids.long]: { code: "OVER", message: "m".repeat(300), node: "over" },
      [ids.late]: { code: "TIMED_OUT", message: "The execution ran out of time." },
      [ids.done]: null,
      [ids.slow]: null,
      [ids.second]: null,
    });
  });

  test("finds those that a step failed with a code, or with an error of a group", async () => {
    const [group] = (await server.call("GET", "dead-letters?code=DECLINED")).body.items;
    expect(await found("errorCode=CHARGED")).toEqual([ids.charged]);
    expect(await found(`fingerprint=${group.fingerprint}`)).toEqual([ids.declined]);
    expect(await found("errorCode=CHARGED&status=completed")).toEqual([]);
    expect(await found("errorCode=NONE")).toEqual([]);
  });

  test("finds a version of a workflow, or of any", async () => {
    expect(await found("workflow=makes&version=2")).toEqual([ids.second]);
    expect(await found("workflow=makes&version=1")).toEqual([ids.done]);
    expect(await found("version=2")).toEqual([ids.second]);
    expect(await found("version=1")).toHaveLength(6);
    expect(await found("version=3")).toEqual([]);
  });

  test("finds by the time of the close, and by how long they took", async () => {
    const { closedAt } = (await server.call("GET", `executions/${ids.done}`)).body;
    const closed = decodeId("execution", ids.done);
    await server.instance.reads.query("update executions set closed_at = closed_at + interval '1 hour' where id = $1", [
      closed,
    ]);
    const hour = (hours: number) => new Date(Date.parse(closedAt) + hours * 3_600_000).toISOString();
    expect(await found(`closedAfter=${hour(0.5)}`)).toEqual([ids.done]);
    expect(await found(`closedAfter=${hour(1)}&closedBefore=${hour(1.1)}`)).toEqual([ids.done]);
    expect(await found(`closedBefore=${hour(0.5)}`)).not.toContain(ids.done);
    expect(await found(`closedBefore=${hour(0.5)}`)).not.toContain(ids.slow);
    expect(await found(`closedAfter=${hour(0.5)}&status=running,waiting`)).toEqual([]);
    expect(await found("minDurationMs=1800000")).toEqual([ids.done]);
    expect(await found("minDurationMs=1800000&maxDurationMs=1900000")).toEqual([]);
    expect(await found("maxDurationMs=1800000&workflow=makes")).toEqual([ids.second]);
  });

  test.each(["version=x", "minDurationMs=-1", "maxDurationMs=1e3", "closedAfter=yesterday", "errorCode="])(
    "refuses %s",
    async (query) => expect((await server.call("GET", `executions?${query}`)).status).toBe(422),
  );
});

describe("counts of executions", () => {
  const counts = async (query: string) => (await server.call("GET", `executions/counts?${query}`)).body;

  test("are those of the list, by status", async () => {
    const all = { completed: 2, failed: 3, timed_out: 1, waiting: 1 };
    expect(await counts("")).toEqual({ counts: all, total: 7, capped: false });
    expect(await counts("q=exe_")).toEqual({ counts: {}, total: 0, capped: false });
    expect(await counts("workflow=pays")).toEqual({ counts: { failed: 2 }, total: 2, capped: false });
    expect(await counts("workflow=pays&errorCode=CHARGED")).toEqual({ counts: { failed: 1 }, total: 1, capped: false });
    expect(await counts("status=failed,completed")).toEqual({
      counts: { completed: 2, failed: 3 },
      total: 5,
      capped: false,
    });
  });

  test("stop at ten thousand of a status, and say so", async () => {
    const { reads } = server.instance;
    await reads.query("insert into workflows (namespace_id, name, latest_version) values (1, 'many', 1)");
    await reads.query(`insert into executions (id, namespace_id, workflow_id, version, sequence, status, head, tags)
      select i, 1, (select id from workflows where name = 'many'), 1, 1, 'running', '', '{}' from generate_series(1, 10001) i`);
    expect(await counts("workflow=many&status=running")).toEqual({
      counts: { running: 10_000 },
      total: 10_000,
      capped: true,
    });
    await reads.query("delete from executions where id <= 10001");
  });
});

test("an operation finds its executions by the same filters", async () => {
  const body = { action: "retry", filter: { errorCode: "DECLINED", minDurationMs: 0, workflow: "pays", version: 1 } };
  const { operationId } = await post("executions/bulk", body);
  const look = async () => (await server.call("GET", `operations/${operationId}`)).body;
  await expect.poll(async () => (await look()).status, { timeout: 20_000 }).toBe("done");
  expect(await look()).toMatchObject({ total: 1, done: 1, failed: 0 });
  expect((await server.call("GET", `executions/${ids.declined}`)).body.status).toBe("running");
  expect((await server.call("GET", `executions/${ids.charged}`)).body.status).toBe("failed");
});
