// Namespaces: made in the caller's organisation, told apart by name there, and empty for each other.
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal } from "./client";
import { admin, person, type SignedIn } from "./person";
import { startServer, type TestServer, twoSteps } from "./support";

let server: TestServer;
let owner: SignedIn;
beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
  owner = await admin(server);
});
afterAll(() => server?.close());

const names = async (call: SignedIn["call"], headers?: Record<string, string>) =>
  (await call("GET", "namespaces", undefined, headers)).body.items.map(({ name }: { name: string }) => name);

test("an admin key makes one, and a key for it that sees nothing of the others", async () => {
  const made = await server.call("POST", "namespaces", { name: "team_a" });
  expect([made.status, made.body]).toEqual([201, { name: "team_a", createdAt: expect.any(String) }]);
  const definition = twoSteps();
  expect((await server.call("POST", "workflows", { definition })).status).toBe(201);
  const { secret: key } = (await server.call("POST", "api-keys", { name: "a", scopes: ["admin"], namespace: "team_a" }))
    .body;
  expect((await server.call("GET", "workflows", undefined, { key })).body.items).toEqual([]);
  expect((await server.call("GET", `workflows/${definition.name}`, undefined, { key })).status).toBe(404);
  expect((await server.call("POST", "workflows", { definition }, { key })).status).toBe(201);
});

test("a name is taken once in an organisation, and free in another", async () => {
  expect((await owner.call("POST", "namespaces", { name: "shared" })).status).toBe(201);
  expect(await owner.call("POST", "namespaces", { name: "shared" })).toMatchObject(refusal(409, "NAME_TAKEN"));
  const both = await Promise.all([1, 2].map(() => owner.call("POST", "namespaces", { name: "raced" })));
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  await owner.call("POST", "organisations", { name: "elsewhere" });
  const there = { "x-cerebelum-namespace": "elsewhere/default" };
  expect((await owner.call("POST", "namespaces", { name: "shared" }, there)).status).toBe(201);
  expect(await names(owner.call, there)).toEqual(["default", "shared"]);
  expect(await names(owner.call)).toEqual(expect.arrayContaining(["default", "raced", "shared"]));
});

test("names are short, and never those of two things", async () => {
  for (const name of ["", "a/b", "a b", ".a", "x".repeat(64), 1])
    expect((await server.call("POST", "namespaces", { name })).status, String(name)).toBe(422);
});

test("they page by name", async () => {
  const all = (await server.call("GET", "namespaces")).body.items;
  const first = await server.call("GET", "namespaces?limit=1");
  const second = await server.call("GET", `namespaces?limit=1&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...second.body.items]).toEqual(all.slice(0, 2));
});

test.each(["member", "viewer", "approver"] as const)("a %s neither makes nor lists them", async (role) => {
  const who = await person(server, role);
  expect((await who.call("POST", "namespaces", { name: "mine" })).status).toBe(403);
  expect((await who.call("GET", "namespaces")).status).toBe(403);
});
