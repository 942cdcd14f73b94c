// An archived workflow takes no new executions, and those that run go on.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "./client";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const client = new TestClient(() => server);
const definition = { name: "old", nodes: [{ id: "nap", type: "sleep", duration: "1h" }], edges: [] };
const publish = () => client.call("POST", "workflows", { definition });
const start = () => client.call("POST", "executions", { workflow: "old" });
const listed = async () =>
  (await client.call("GET", "workflows?limit=200")).body.items.map(({ name }: { name: string }) => name);

test("archiving ends new starts, leaves what runs alone, and is undone by publishing", async () => {
  await publish();
  const { body: running } = await start();
  expect((await client.call("DELETE", "workflows/old")).status).toBe(204);
  expect((await client.call("DELETE", "workflows/old")).status).toBe(204);
  expect(await start()).toMatchObject({ status: 404, body: { code: "WORKFLOW_NOT_FOUND" } });
  expect(await listed()).not.toContain("old");
  expect((await client.call("GET", `executions/${running.id}`)).body.status).toBe("waiting");
  expect(await publish()).toMatchObject({ status: 200, body: { version: 1 } });
  expect((await start()).status).toBe(201);
  expect(await listed()).toContain("old");
});

test("there is nothing to archive where nothing was published", async () => {
  expect(await client.call("DELETE", "workflows/never")).toMatchObject({
    status: 404,
    body: { code: "WORKFLOW_NOT_FOUND" },
  });
});
