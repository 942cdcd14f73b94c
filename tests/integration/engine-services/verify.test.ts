// Verification: consistent for everything the door wrote, and for nothing that somebody else changed.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import type { Services } from "@/lib/engine/services";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, sleep, start, task, transforms, value } from "./engine";

let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await createDatabase();
  services = await openServices(database.connectionString, "off");
  await publish(services, task("task"));
  await publish(services, sleep("sleep", "1d"));
  await publish(services, transforms("long", 600));
  await publish(services, { name: "large", nodes: [{ id: "big", type: "transform", value: "=input" }], edges: [] });
});
afterAll(async () => {
  await services.close();
  await database.drop();
});

const verify = async (id: string) => value(await verifyExecution(services, CALLER, id));

describe("verification", () => {
  test("finds what the door wrote consistent: open, sleeping, cancelled, long, large", async () => {
    const open = await start(services, { workflow: "task", key: "k", tags: ["b", "a", "b"], correlationId: "c" });
    const sleeping = await start(services, { workflow: "sleep" });
    const cancelled = await start(services, { workflow: "sleep" });
    await cancelExecution(services, CALLER, cancelled.id, {});
    const long = await start(services, { workflow: "long" });
    const large = await start(services, { workflow: "large", input: "ä".repeat(50_000) });
    for (const [{ id }, status] of [
      [open, "open"],
      [sleeping, "open"],
      [cancelled, "valid"],
      [long, "valid"],
      [large, "valid"],
    ] as const)
      expect(await verify(id)).toEqual({
        consistent: true,
        sequence: expect.any(Number),
        differences: [],
        signature: expect.objectContaining({ status }),
      });
  });

  test("names an execution that does not exist", async () => {
    expect(await verifyExecution(services, CALLER, "key:nobody")).toMatchObject({ code: "EXECUTION_NOT_FOUND" });
  });

  test.each<[string, string, string, string[]]>([
    [
      "an event's data",
      "task",
      `update events set data = replace(data, '"task"', '"tusk"') where sequence = 1`,
      ["head"],
    ],
    ["an event's time", "task", "update events set at = at + interval '1 hour' where sequence = 2", ["head"]],
    ["an event's actor", "task", "update events set actor = 'user:mallory' where sequence = 2", ["head"]],
    ["an event that is gone", "sleep", "delete from events where sequence = 2", ["events"]],
    [
      "a last event that is gone",
      "sleep",
      "delete from events where sequence = 2 and type = 'SleepStarted'",
      ["events"],
    ],
    ["an event of a type that is none", "task", "update events set type = 'Nonsense' where sequence = 2", ["events"]],
    ["a status", "task", "update executions set status = 'completed'", ["executions.status"]],
    ["a close", "task", "update executions set closed_at = now()", ["executions.closed_at"]],
    ["the chain's head", "task", "update executions set head = sha256('x')", ["executions.head"]],
    ["an alarm that is missing", "sleep", "update executions set next_wake_at = null", ["executions.next_wake_at"]],
    [
      "an alarm that is late",
      "sleep",
      "update executions set next_wake_at = next_wake_at + interval '1 second'",
      ["executions.next_wake_at"],
    ],
    ["a task that is missing", "task", "delete from tasks", ["tasks"]],
    ["a task of another step", "task", "update tasks set step = '7'", ["tasks"]],
    ["a tag that is not found", "tagged", "delete from execution_tags", ["execution_tags"]],
    ["a large value", "large", "update payloads set body = '\"y\"'", ["payloads"]],
    ["a large value that is gone", "large", "delete from payloads", ["payloads"]],
    ["a snapshot", "long", "update snapshots set state = replace(state, 't1', 't2')", ["snapshots"]],
  ])("finds %s that was changed", async (_, workflow, tamper, places) => {
    const request = workflow === "tagged" ? { workflow: "task", tags: ["t"] } : { workflow, input: "x".repeat(40_000) };
    const { id, key } = await start(services, request);
    if (tamper.includes("snapshots")) await snapshot(key);
    const column = tamper.includes("executions set") ? "id" : "execution_id";
    const where = tamper.includes(" where ") ? `${tamper} and` : `${tamper} where`;
    const { rowCount } = await services.db.query(`${where} ${column} = ${key}`);
    expect(rowCount).toBeGreaterThan(0);
    const { consistent, differences } = await verify(id);
    expect(consistent).toBe(false);
    for (const place of places) expect(differences.some(({ where }) => where.includes(place))).toBe(true);
  });

  test("lets an alarm ring early, for then it finds nothing due", async () => {
    const { id, key } = await start(services, { workflow: "sleep" });
    await services.db.query("update executions set next_wake_at = now() where id = $1", [key]);
    expect(await verify(id)).toMatchObject({ consistent: true });
  });

  /** Snapshots are written behind the answer. */
  async function snapshot(key: bigint) {
    for (;;) {
      const { rows } = await services.db.query("select from snapshots where execution_id = $1", [key]);
      if (rows.length > 0) return;
    }
  }
});
