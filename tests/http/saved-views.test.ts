// Views that people keep of a room: whose they are, who sees them, and who may change them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./client";
import { admin, person, type SignedIn } from "./person";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let ada: SignedIn;
let bob: SignedIn;
let owner: SignedIn;
let approver: SignedIn;

beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
  ada = await person(server, "viewer");
  bob = await person(server, "member");
  approver = await person(server, "approver");
  owner = await admin(server);
});
afterAll(() => server?.close());

const FAILED = { room: "executions", name: "Failed", query: "status=failed" };
const save = async (who: SignedIn, more: object = {}) => {
  const answer = await who.call("POST", "saved-views", { ...FAILED, ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
const names = async (who: SignedIn, query = "") =>
  (await who.call("GET", `saved-views${query}`)).body.items.map(({ name }: { name: string }) => name);
const audited = async () =>
  (await owner.call("GET", "audit-log?action=view.create")).body.items.map(({ target }: { target: string }) => target);

describe("a view", () => {
  test("is its maker's alone, and listed by room, oldest first", async () => {
    const view = await save(ada);
    expect(view).toEqual({
      ...FAILED,
      id: expect.stringMatching(/^viw_/),
      isShared: false,
      isMine: true,
      createdAt: expect.any(String),
    });
    await save(ada, { name: "Mine to decide", room: "approvals", query: "" });
    await save(ada, { name: "Declined" });
    expect(await names(ada)).toEqual(["Failed", "Mine to decide", "Declined"]);
    expect(await names(ada, "?room=executions")).toEqual(["Failed", "Declined"]);
    expect(await names(bob)).toEqual([]);
    for (const method of ["PATCH", "DELETE"])
      expect(await bob.call(method, `saved-views/${view.id}`, method === "PATCH" ? {} : undefined)).toMatchObject(
        refusal(404, "VIEW_NOT_FOUND"),
      );
  });

  test("comes page by page", async () => {
    const first = (await ada.call("GET", "saved-views?limit=2")).body;
    expect(first.items).toHaveLength(2);
    expect(await names(ada, `?limit=2&cursor=${first.nextCursor}`)).toEqual(["Declined"]);
  });

  test("is changed and removed by its maker", async () => {
    const { id } = await save(bob, { name: "Slow" });
    const changed = await bob.call("PATCH", `saved-views/${id}`, { name: "Slowest", query: "minDurationMs=60000" });
    expect(changed.body).toMatchObject({ name: "Slowest", query: "minDurationMs=60000", isShared: false });
    expect((await bob.call("DELETE", `saved-views/${id}`)).status).toBe(204);
    expect(await bob.call("DELETE", `saved-views/${id}`)).toMatchObject(refusal(404, "VIEW_NOT_FOUND"));
  });

  test("has a name that no other view of the maker has in its room", async () => {
    const taken = await ada.call("POST", "saved-views", FAILED);
    expect(taken).toMatchObject(refusal(409, "NAME_TAKEN"));
    const { id } = await save(ada, { name: "Another" });
    expect(await ada.call("PATCH", `saved-views/${id}`, { name: "Failed" })).toMatchObject(refusal(409, "NAME_TAKEN"));
    expect(await names(ada)).toContain("Another");
    await save(ada, { room: "dead-letters" });
  });
});

describe("a shared view", () => {
  test("is seen by everyone, and changed by its maker and administrators alone", async () => {
    const { id } = await save(bob, { name: "Ours", isShared: true });
    const seen = (await ada.call("GET", "saved-views?room=executions")).body.items.at(-1);
    expect(seen).toMatchObject({ id, isShared: true, isMine: false });
    expect(await ada.call("PATCH", `saved-views/${id}`, { name: "Mine" })).toMatchObject(refusal(403, "FORBIDDEN"));
    expect(await ada.call("DELETE", `saved-views/${id}`)).toMatchObject(refusal(403, "FORBIDDEN"));
    expect((await owner.call("PATCH", `saved-views/${id}`, { name: "Everybody's" })).body).toMatchObject({
      name: "Everybody's",
      isMine: false,
    });
    expect((await bob.call("PATCH", `saved-views/${id}`, { isShared: false })).status).toBe(200);
    expect(await names(ada)).not.toContain("Everybody's");
  });

  test("is in the audit log, as no other view is", async () => {
    const own = await save(bob, { name: "Nobody's business" });
    const ours = await save(bob, { name: "Everybody's business", isShared: true });
    expect(await audited()).toContain(ours.id);
    expect(await audited()).not.toContain(own.id);
  });
});

describe("who may keep views", () => {
  test("is no key", async () => {
    expect((await server.call("GET", "saved-views")).status).toBe(403);
    expect((await server.call("POST", "saved-views", FAILED)).status).toBe(403);
  });

  test("is whoever may look into the room", async () => {
    await save(bob, { name: "All of us", isShared: true });
    await save(approver, { name: "Today", room: "approvals", query: "assignee=me" });
    expect(await approver.call("POST", "saved-views", FAILED)).toMatchObject(refusal(403, "FORBIDDEN"));
    expect(await names(approver)).toEqual(["Today"]);
    expect(await names(approver, "?room=executions")).toEqual([]);
    const { id } = await save(owner, { name: "Watched", isShared: true });
    expect(await approver.call("PATCH", `saved-views/${id}`, {})).toMatchObject(refusal(404, "VIEW_NOT_FOUND"));
  });

  test("keeps two hundred at most", async () => {
    await server.instance.reads.query(
      `insert into saved_views (id, namespace_id, user_id, room, name, query, is_shared, created_at)
        select i, 1, $1, 'executions', 'view ' || i, '', false, now() from generate_series(1, 200) i`,
      [approver.id],
    );
    const more = { room: "approvals", name: "One more", query: "" };
    expect(await approver.call("POST", "saved-views", more)).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });

  test.each([
    { ...FAILED, name: "" },
    { ...FAILED, query: "x".repeat(2001) },
    { ...FAILED, room: "kitchen" },
  ])("is refused a shape that is none", async (body) => {
    expect((await ada.call("POST", "saved-views", body)).status).toBe(422);
  });
});
