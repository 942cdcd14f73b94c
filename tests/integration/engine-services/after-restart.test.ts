// What a process that knows nothing goes on with: the version that was started, and nothing of what was cancelled.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { sendSignal } from "@/lib/engine/send-signal";
import type { Services } from "@/lib/engine/services";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { waitForResult } from "@/lib/engine/wait-for-result";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, sleep, start, until, value } from "./engine";

let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await createDatabase();
  services = await openServices(database.connectionString);
});
afterAll(async () => {
  await services.close();
  await database.drop();
});

async function restart(): Promise<void> {
  await services.close();
  services = await openServices(database.connectionString);
}

const says = (text: string): Definition => ({
  name: "pinned",
  nodes: [
    { id: "hear", type: "signal", signal: "go" },
    { id: "say", type: "transform", value: text },
  ],
  edges: [{ from: "hear", to: "say" }],
  output: "=steps.say.output",
});

async function historyOf(key: bigint): Promise<{ type: string; data: string }[]> {
  const { rows } = await services.db.query<{ type: string; data: string }>(
    "select type, data from events where execution_id = $1 order by sequence",
    [key],
  );
  return rows;
}

test("an execution goes on with the version that its first event names, whatever was published since", async () => {
  const { hash, version } = await publish(services, says("as it was"));
  const { id, key } = await start(services, { workflow: "pinned" });
  await publish(services, says("as it is"));
  await restart();
  const [started] = await historyOf(key);
  expect(JSON.parse(started?.data ?? "{}")).toMatchObject({ workflow: "pinned", version, hash });
  await sendSignal(services, CALLER, id, "go", {});
  const result = await waitForResult(services, CALLER, id, 60_000, new AbortController().signal);
  expect(value(result)).toMatchObject({ status: "completed", output: "as it was" });
});

test("a cancelled execution stays so: neither its timer nor a later start brings it back", async () => {
  await publish(services, sleep("revived", "600ms"));
  const { id, key } = await start(services, { workflow: "revived" });
  value(await cancelExecution(services, CALLER, id, {}));
  const history = await historyOf(key);
  const { resumeAt } = JSON.parse(history.find(({ type }) => type === "SleepStarted")?.data ?? "{}");
  await services.close();
  services = await openServices(database.connectionString, "off");
  await until("its sleep would be over", async () => services.clock.now() > Date.parse(resumeAt));
  await restart();
  // One that was to wake at the same time does: the timers of this process have been looked at.
  const other = await start(services, { workflow: "revived" });
  await waitForResult(services, CALLER, other.id, 60_000, new AbortController().signal);
  expect(await historyOf(key)).toEqual(history);
  expect(value(await verifyExecution(services, CALLER, id))).toMatchObject({ consistent: true, differences: [] });
});
