// Approvers: they find and decide what names them or nobody, and learn of nothing else.
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal } from "./client";
import { person, type SignedIn } from "./person";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let approver: SignedIn;
const asked: Record<string, { approval: string; execution: string }> = {};
beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
  approver = await person(server, "approver");
  for (const [name, assignees] of Object.entries({
    nobody: [],
    byEmail: [approver.email.toUpperCase(), "finance"],
    byId: [approver.id],
    byRole: ["approver"],
    others: ["finance", "somebody@example.com"],
  })) {
    const definition = { name: `ask_${name}`, nodes: [{ id: "gate", type: "approval", assignees }], edges: [] };
    expect((await server.call("POST", "workflows", { definition })).status).toBe(201);
    const { id: execution } = (await server.call("POST", "executions", { workflow: definition.name })).body;
    const approval = (await server.call("GET", `approvals?execution=${execution}`)).body.items[0].id;
    asked[name] = { approval, execution };
  }
});
afterAll(() => server?.close());

const OWN = ["byEmail", "byId", "byRole", "nobody"];
const found = async (query = "") =>
  (await approver.call("GET", `approvals?${query}`)).body.items
    .map(({ workflow }: { workflow: string }) => workflow.replace("ask_", ""))
    .sort();
const approvalOf = (name: string) => asked[name]?.approval ?? "";
const executionOf = (name: string) => asked[name]?.execution ?? "";

test("lists hold what names the approver or nobody, page by page and filtered", async () => {
  expect(await found()).toEqual(OWN);
  expect(await found("status=pending")).toEqual(OWN);
  expect(await found("assignee=me")).toEqual(["byEmail", "byId", "byRole"]);
  expect(await found("assignee=finance")).toEqual(["byEmail"]);
  expect(await found(`execution=${executionOf("byId")}`)).toEqual(["byId"]);
  const pages: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await approver.call("GET", `approvals?limit=1${cursor && `&cursor=${cursor}`}`);
    pages.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.nextCursor;
  }
  expect(pages.sort()).toEqual(OWN.map(approvalOf).sort());
  // Whoever may read sees the rest, too.
  expect((await server.call("GET", "approvals")).body.items.length).toBe(5);
});

test("what names others is as if it were not there", async () => {
  expect((await approver.call("GET", `approvals/${approvalOf("byEmail")}`)).status).toBe(200);
  const notFound = refusal(404, "APPROVAL_NOT_FOUND");
  expect(await approver.call("GET", `approvals/${approvalOf("others")}`)).toMatchObject(notFound);
  const decision = { decision: "approved" };
  expect(await approver.call("POST", `approvals/${approvalOf("others")}/decide`, decision)).toMatchObject(notFound);
  expect((await server.call("GET", `approvals/${approvalOf("others")}`)).body.status).toBe("pending");
  // An execution that is not theirs to see, and one that never was, are told alike.
  for (const execution of [executionOf("others"), "exe_0000000000000", "key:none"]) {
    const answer = await approver.call("GET", `approvals?execution=${execution}`);
    expect([answer.status, answer.body]).toEqual([200, { items: [], nextCursor: null }]);
  }
});

test("a member, who may read, sees it and is told that it names others", async () => {
  const member = await person(server, "member");
  expect((await member.call("GET", `approvals/${approvalOf("others")}`)).status).toBe(200);
  const answer = await member.call("POST", `approvals/${approvalOf("others")}/decide`, { decision: "approved" });
  expect(answer).toMatchObject(refusal(403, "FORBIDDEN"));
});

test("each is told whether they may decide it", async () => {
  const may = async (who: Pick<SignedIn, "call">, name: string) =>
    (await who.call("GET", `approvals/${approvalOf(name)}`)).body.mayDecide;
  const member = await person(server, "member");
  const viewer = await person(server, "viewer");
  const admin = await person(server, "admin");
  expect(await may(approver, "byRole")).toBe(true);
  expect([await may(member, "byRole"), await may(member, "nobody")]).toEqual([false, true]);
  expect([await may(viewer, "nobody"), await may(admin, "others")]).toEqual([false, true]);
  const listed = (await member.call("GET", "approvals?status=pending")).body.items;
  expect(listed.filter(({ mayDecide }: { mayDecide: boolean }) => mayDecide)).toHaveLength(1);
});

test("an approver decides their own, and reads and changes nothing else", async () => {
  for (const name of OWN) {
    const answer = await approver.call("POST", `approvals/${approvalOf(name)}/decide`, { decision: "approved" });
    const { status, mayDecide } = answer.body;
    expect([answer.status, status, mayDecide], name).toEqual([200, "approved", false]);
  }
  expect(await found("status=approved")).toEqual(OWN);
  for (const [method, path] of [
    ["GET", "executions"],
    ["GET", `executions/${executionOf("nobody")}`],
    ["GET", `executions/${executionOf("nobody")}/events`],
    ["GET", "workflows"],
    ["GET", "dead-letters"],
    ["GET", "schedules"],
    ["GET", "members"],
  ] as const)
    expect(await approver.call(method, path), path).toMatchObject(refusal(403, "FORBIDDEN"));
  const start = await approver.call("POST", "executions", { workflow: "ask_nobody" });
  expect(start).toMatchObject(refusal(403, "FORBIDDEN"));
});
