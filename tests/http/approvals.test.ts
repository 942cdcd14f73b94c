// Approvals over HTTP: found by who they are for, decided once, and an answer never hits another occurrence.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApiKey } from "@/db/queries/api-keys";
import { hashSecret, newApiKeySecret } from "@/lib/auth/api-keys";
import type { Approval } from "@/lib/contract/approvals";
import { ADMIN, startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

let workflows = 0;

/** An approval between nothing and nothing, in an execution of its own. */
async function ask(approval: object = {}, edges: object[] = [], nodes: object[] = []) {
  workflows += 1;
  const name = `ask_${workflows}`;
  const definition = { name, nodes: [{ id: "gate", type: "approval", ...approval }, ...nodes], edges };
  expect((await server.call("POST", "workflows", { definition })).status).toBe(201);
  const { body } = await server.call("POST", "executions", { workflow: name, input: { who: "Ann@Example.com" } });
  return { execution: body.id as string, workflow: name, approval: only(await pending({ execution: body.id })) };
}

const list = async (query: Record<string, string>): Promise<Approval[]> =>
  (await server.call("GET", `approvals?${new URLSearchParams(query)}`)).body.items;
const pending = (query: Record<string, string>) => list({ status: "pending", ...query });
const decide = (id: string, body: unknown, options = {}) =>
  server.call("POST", `approvals/${id}/decide`, body, options);
const types = async (execution: string) =>
  (await server.call("GET", `executions/${execution}/events`)).body.items.map(({ type }: { type: string }) => type);

function only<T>(items: T[]): T {
  expect(items).toHaveLength(1);
  return items[0] as T;
}

async function keyWith(scope: string, namespaceId = 1): Promise<string> {
  const secret = newApiKeySecret();
  const id = server.instance.services.keys.next();
  await server.instance.reads.query(
    addApiKey({ id, namespaceId, name: "test", prefix: "cbk_test", hash: hashSecret(secret), scopes: [scope] }),
  );
  return secret;
}

async function session(): Promise<{ key: null; headers: Record<string, string> }> {
  const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url },
    body: JSON.stringify({ email: ADMIN.email, password: ADMIN.password }),
  });
  const cookie = response.headers
    .getSetCookie()
    .map((part) => part.split(";")[0])
    .join("; ");
  return { key: null, headers: { cookie, origin: server.url } };
}

describe("an approval", () => {
  test("is shown with its form and its deadline, and what was decided once it was", async () => {
    const form = { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] };
    const { execution, workflow, approval } = await ask({
      title: '="Pay " + input.who',
      description: "A lot",
      assignees: ["finance", "=input.who"],
      form,
      timeout: "1h",
    });
    expect(approval).toEqual({
      id: expect.stringMatching(/^apr_/),
      executionId: execution,
      workflow,
      node: "gate",
      iteration: 1,
      title: "Pay Ann@Example.com",
      description: "A lot",
      assignees: ["finance", "Ann@Example.com"],
      form,
      data: null,
      status: "pending",
      requestedAt: expect.any(String),
      expiresAt: expect.any(String),
      decidedAt: null,
      decidedBy: null,
      comment: null,
      mayDecide: true,
    });
    expect(Date.parse(approval.expiresAt ?? "") - Date.parse(approval.requestedAt)).toBe(3_600_000);
    const sent = { decision: "approved", data: { amount: 7 }, comment: "fine" };
    const decided = await decide(approval.id, sent);
    expect(decided.status).toBe(200);
    expect(decided.body).toMatchObject({ data: sent.data, comment: "fine", status: "approved" });
    expect(decided.body.decidedBy).toMatch(/^key:key_/);
    expect(decided.body.decidedAt).toBeTypeOf("string");
    expect((await server.call("GET", `approvals/${approval.id}`)).body).toEqual(decided.body);
    const { body } = await server.call("GET", `executions/${execution}`);
    expect(body.status).toBe("completed");
    expect(body.output).toEqual({ gate: { ...sent, decidedBy: decided.body.decidedBy } });
    const proof = await server.call("POST", `executions/${execution}/verify`);
    expect(proof.body).toMatchObject({ consistent: true, differences: [] });
  });

  test("answers the very same call again, and refuses another one", async () => {
    const { approval, execution } = await ask();
    const sent = { decision: "rejected", data: [1], comment: "no" };
    expect((await decide(approval.id, sent)).status).toBe(200);
    expect((await decide(approval.id, sent)).status).toBe(200);
    for (const other of [
      { ...sent, decision: "approved" },
      { ...sent, comment: "never" },
      { ...sent, data: [2] },
    ]) {
      const { status, body } = await decide(approval.id, other);
      expect([status, body.code]).toEqual([409, "ALREADY_DECIDED"]);
    }
    const others = await decide(approval.id, sent, { key: await keyWith("client") });
    expect([others.status, others.body.code]).toEqual([409, "ALREADY_DECIDED"]);
    expect((await types(execution)).filter((type: string) => type === "ApprovalDecided")).toHaveLength(1);
  });

  test("is decided once, however many decide at once", async () => {
    const { approval, execution } = await ask();
    const answers = await Promise.all(
      ["approved", "rejected", "approved", "rejected"].map((decision, i) =>
        decide(approval.id, { decision, comment: `voice ${i}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect((await types(execution)).filter((type: string) => type === "ApprovalDecided")).toHaveLength(1);
    const winner = answers.find(({ status }) => status === 200)?.body;
    expect((await server.call("GET", `approvals/${approval.id}`)).body).toEqual(winner);
  });

  test("takes data that is too large for its event, and shows it", async () => {
    const { approval } = await ask();
    const data = { text: "x".repeat(200_000) };
    const sent = { decision: "approved", data };
    expect((await decide(approval.id, sent)).body.data).toEqual(data);
    expect((await decide(approval.id, sent)).status).toBe(200);
    expect((await decide(approval.id, { ...sent, data: {} })).body.code).toBe("ALREADY_DECIDED");
    const [listed] = await list({ execution: approval.executionId });
    expect(listed).toMatchObject({ data: null, dataRef: { hash: expect.any(String) } });
  });

  test("says everything that the data breaks of its form", async () => {
    const form = { type: "object", properties: { n: { type: "number", maximum: 3 } }, required: ["n", "why"] };
    const { approval } = await ask({ form });
    const { status, body } = await decide(approval.id, { decision: "approved", data: { n: 7 } });
    expect([status, body.code]).toEqual([422, "INVALID_DATA"]);
    const paths = body.errors.map(({ path }: { path: string }) => path);
    expect(paths).toContain("/data/n");
    expect(paths.every((path: string) => path.startsWith("/data"))).toBe(true);
    const none = await decide(approval.id, { decision: "approved" });
    expect(none.body.code).toBe("INVALID_DATA");
    // Whoever rejects need not fill in the form.
    expect((await decide(approval.id, { decision: "rejected" })).status).toBe(200);
  });

  test("that was cancelled with its execution takes no decision", async () => {
    const { execution, approval } = await ask();
    await server.call("POST", `executions/${execution}/cancel`, {});
    const { status, body } = await decide(approval.id, { decision: "approved" });
    expect([status, body.code]).toEqual([409, "APPROVAL_CLOSED"]);
    expect((await server.call("GET", `approvals/${approval.id}`)).body).toMatchObject({
      status: "cancelled",
      decidedBy: null,
    });
  });

  test("of a loop's last turn is another one: a late answer does not hit the next", async () => {
    const { execution, approval } = await ask({}, [{ from: "gate", port: "rejected", to: "gate", loop: {} }]);
    expect((await decide(approval.id, { decision: "rejected", comment: "once more" })).status).toBe(200);
    const next = only(await pending({ execution }));
    expect(next).toMatchObject({ node: "gate", iteration: 2 });
    expect(next.id).not.toBe(approval.id);
    expect((await decide(approval.id, { decision: "approved" })).body.code).toBe("ALREADY_DECIDED");
    // The answer to the first call was lost, and the step has gone on since.
    expect((await decide(approval.id, { decision: "rejected", comment: "once more" })).status).toBe(200);
    expect(only(await pending({ execution })).id).toBe(next.id);
    expect((await decide(next.id, { decision: "approved" })).status).toBe(200);
    expect((await server.call("GET", `executions/${execution}`)).body.status).toBe("completed");
  });

  test("of an item of a map says which", async () => {
    const name = `ask_items_${++workflows}`;
    const body = { nodes: [{ id: "gate", type: "approval", title: "=item" }], edges: [] };
    const definition = { name, nodes: [{ id: "each", type: "map", items: ["a", "b"], body }], edges: [] };
    await server.call("POST", "workflows", { definition });
    const { body: started } = await server.call("POST", "executions", { workflow: name });
    const items = await pending({ execution: started.id });
    expect(items).toMatchObject([
      { node: "each/gate", index: [1], title: "b" },
      { node: "each/gate", index: [0], title: "a" },
    ]);
    for (const { id } of items) expect((await decide(id, { decision: "approved" })).status).toBe(200);
    expect((await server.call("GET", `executions/${started.id}`)).body.status).toBe("completed");
  });
});

describe("the list of approvals", () => {
  test("is narrowed by status, by assignee in either case, by execution, and by all of them", async () => {
    const mine = await ask({ assignees: ["Lead@Example.com"] });
    const ours = await ask({ assignees: ["reviewers", "lead@example.com"] });
    const theirs = await ask({ assignees: ["reviewers"] });
    const ids = async (query: Record<string, string>) => (await list(query)).map(({ id }: { id: string }) => id);
    expect(await ids({ assignee: "LEAD@example.com" })).toEqual([ours.approval.id, mine.approval.id]);
    expect(await ids({ assignee: "reviewers", status: "pending" })).toEqual([theirs.approval.id, ours.approval.id]);
    await decide(ours.approval.id, { decision: "approved" });
    expect(await ids({ assignee: "reviewers", status: "pending" })).toEqual([theirs.approval.id]);
    expect(await ids({ assignee: "reviewers", status: "approved" })).toEqual([ours.approval.id]);
    expect(await ids({ execution: ours.execution, assignee: "LEAD@example.com" })).toEqual([ours.approval.id]);
    expect(await ids({ execution: ours.execution, assignee: "nobody" })).toEqual([]);
    expect(await ids({ execution: ours.execution, status: "pending" })).toEqual([]);
    expect((await ids({ status: "pending" })).slice(0, 2)).toEqual([theirs.approval.id, mine.approval.id]);
  });

  test("pages through all of them, newest first, none twice", async () => {
    const asked = [];
    for (let i = 0; i < 5; i++) asked.unshift((await ask({ assignees: ["paged"] })).approval.id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { assignee: "paged", limit: "2", ...(cursor === null ? {} : { cursor }) };
      const { body } = await server.call("GET", `approvals?${new URLSearchParams(query)}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(asked);
  });

  test("refuses a status that there is none of", async () => {
    expect((await server.call("GET", "approvals?status=maybe")).status).toBe(422);
    expect((await server.call("GET", "approvals?execution=exe_0000000000000")).status).toBe(404);
  });
});

describe("a person who is signed in", () => {
  test("finds what names them in any way as their own, and decides in their own name", async () => {
    const person = await session();
    const { approval } = await ask({ assignees: [ADMIN.email.toUpperCase()] });
    await ask({ assignees: ["somebody else"] });
    const mine = await server.call("GET", "approvals?assignee=me&status=pending", undefined, person);
    expect(mine.body.items.map(({ id }: { id: string }) => id)).toEqual([approval.id]);
    const decided = await decide(approval.id, { decision: "approved" }, person);
    expect(decided.body.decidedBy).toMatch(/^user:/);
  });

  test("decides in place of others where they administer", async () => {
    const { approval } = await ask({ assignees: ["somebody else"] });
    expect((await decide(approval.id, { decision: "approved" }, await session())).status).toBe(200);
  });
});

describe("who may not", () => {
  test.each(["read", "deploy", "worker"])("decide: a key with the scope %s", async (scope) => {
    const { approval } = await ask();
    expect((await decide(approval.id, { decision: "approved" }, { key: await keyWith(scope) })).status).toBe(403);
  });

  test("see it: a key of another namespace", async () => {
    const { rows } = await server.instance.reads.query<{ id: number }>(
      "insert into namespaces (name) values ('elsewhere') returning id",
    );
    const options = { key: await keyWith("admin", rows[0]?.id) };
    const { approval, execution } = await ask({ assignees: ["secret"] });
    const got = await server.call("GET", `approvals/${approval.id}`, undefined, options);
    expect([got.status, got.body.code]).toEqual([404, "APPROVAL_NOT_FOUND"]);
    const decided = await decide(approval.id, { decision: "approved" }, options);
    expect([decided.status, decided.body.code]).toEqual([404, "APPROVAL_NOT_FOUND"]);
    for (const query of ["", "?assignee=secret", "?status=pending"])
      expect((await server.call("GET", `approvals${query}`, undefined, options)).body.items).toEqual([]);
    expect((await server.call("GET", `approvals?execution=${execution}`, undefined, options)).status).toBe(404);
    for (const id of ["apr_0000000000000", "nonsense", approval.executionId])
      expect((await decide(id, { decision: "approved" })).body.code).toBe("APPROVAL_NOT_FOUND");
  });
});
