// A namespace or an organisation that is deleted is gone at once for everybody in it, later from every table, and nobody else loses anything.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Queryable } from "@/db/client";
import { removeDeleted } from "@/lib/engine/removal/removal";
import { refusal, TestClient } from "./client";
import { fill, mentions, rowsOf, tables } from "./filled-namespace";
import { addNamespace, addOrganisation, sql, type TestNamespace } from "./namespaces";
import { ADMIN, startServer, type TestServer } from "./support";

let server: TestServer;
/** In an organisation of its own, which nothing of all this may touch. */
let other: TestNamespace;
let otherOrganisation: number;
beforeAll(async () => {
  server = await startServer();
  otherOrganisation = await addOrganisation(server, "staying org");
  other = await addNamespace(server, "staying", otherOrganisation);
  await fill(server, other, "stayingmark");
}, 60_000);
afterAll(() => server?.close());

const LATER_MS = 3_600_000;
const never = new AbortController().signal;

interface Turn {
  db?: Queryable;
  aheadMs?: number;
  signal?: AbortSignal;
  pause?: () => Promise<unknown>;
}

/** One turn of a process that runs the engine, an hour later: whoever was let in before is long gone. */
function turn({ db = server.instance.reads, aheadMs = LATER_MS, signal = never, pause = async () => {} }: Turn = {}) {
  const { services, clock } = server.instance;
  return removeDeleted({ db, clock: { now: () => clock.now() + aheadMs }, door: services.door, pause, signal });
}

/** The server's own process removes as well: what it has in hand just then is passed by until it is through. */
async function gone(table: "namespaces" | "organisations", id: number): Promise<void> {
  const left = async () => {
    await turn();
    return sql(server, `select from ${table} where id = $1`, [id]);
  };
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
}

const as =
  ({ key }: TestNamespace): TestServer["call"] =>
  (method, path, body, options) =>
    server.call(method, path, body, { key, ...options });

const remove = (name: string, options: { key?: string } = {}) =>
  server.call("DELETE", `namespaces/${name}?confirm=${name}`, undefined, options);

describe("asking for it", () => {
  test("takes the name once more, and the right to", async () => {
    const { name } = await addNamespace(server, "asked");
    for (const query of ["", "?confirm=other", "?confirm="])
      expect(await server.call("DELETE", `namespaces/${name}${query}`)).toMatchObject(refusal(422, "INVALID_REQUEST"));
    expect(await server.call("DELETE", "organisation?confirm=default")).toMatchObject(refusal(403, "FORBIDDEN"));
    expect((await server.call("GET", `namespaces/${name}/settings`)).status).toBe(200);
  });

  test("of another organisation's namespace finds none", async () => {
    const other = await addNamespace(server, "of_others", await addOrganisation(server, "asked others"));
    expect(await remove("of_others")).toMatchObject(refusal(404, "NAMESPACE_NOT_FOUND"));
    expect((await as(other)("GET", "workflows")).status).toBe(200);
  });

  test("the last namespace of an organisation, and where the installation began, are kept", async () => {
    const organisation = await addOrganisation(server, "with two");
    const [one, two] = [
      await addNamespace(server, "one", organisation),
      await addNamespace(server, "two", organisation),
    ];
    expect((await remove("one", one)).status).toBe(202);
    expect(await remove("two", two)).toMatchObject(refusal(409, "NOT_DELETABLE"));
    expect(await remove("default")).toMatchObject(refusal(409, "NOT_DELETABLE"));
    const session = await signIn();
    const options = { key: null, headers: session };
    expect(await server.call("DELETE", "organisation?confirm=default", undefined, options)).toMatchObject(
      refusal(409, "NOT_DELETABLE"),
    );
  });

  test("of two that ask for the last two at once one is refused", async () => {
    const organisation = await addOrganisation(server, "racing");
    const [one, two] = [
      await addNamespace(server, "first", organisation),
      await addNamespace(server, "second", organisation),
    ];
    const answers = await Promise.all([remove("first", one), remove("second", two)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  });
});

describe("a deleted namespace", () => {
  test("is gone at once: its keys, its parked polls, its name", async () => {
    const namespace = await addNamespace(server, "soon_gone");
    const client = new TestClient(() => ({ ...server, call: as(namespace) }));
    const worker = await client.worker("queue", "a");
    const poll = client.call("POST", `workers/${worker.id}/poll`, { capacity: 1, waitMs: 30_000 });
    await expect.poll(() => server.instance.services.waiters.parked).toBe(1);
    expect((await remove("soon_gone")).status).toBe(202);
    expect(await poll).toMatchObject({ status: 200, body: { tasks: [] } });
    expect((await as(namespace)("GET", "workflows")).status).toBe(401);
    expect(await remove("soon_gone")).toMatchObject(refusal(404, "NAMESPACE_NOT_FOUND"));
    const again = await addNamespace(server, "soon_gone");
    expect((await as(again)("GET", "workflows")).body.items).toEqual([]);
    const entries = await sql(
      server,
      "select from audit_log where action = 'namespace.delete' and target = 'soon_gone' and outcome = 'done'",
    );
    expect(entries).toHaveLength(1);
  });

  test("leaves nothing behind, and takes nothing of another", async () => {
    const one = await addNamespace(server, "leaving");
    const filled = await fill(server, one, "leavingmark");
    const before = { staying: await rowsOf(server, other.id), leaving: await rowsOf(server, one.id) };
    // Every table that knows namespaces has something of it: otherwise this proves little.
    const known = (await tables(server)).filter(({ columns }) => columns.includes("namespace_id"));
    expect(known.map(({ name }) => name).filter((name) => before.leaving[name] === undefined)).toEqual([]);
    expect((await remove("leaving")).status).toBe(202);
    await gone("namespaces", one.id);
    const { audit_log: _, ...left } = await rowsOf(server, one.id);
    expect(left).toEqual({});
    // The organisation's audit log still tells what was done to it.
    const { audit_log: __, ...rest } = await mentions(server, ["leavingmark", filled.failed, filled.schedule]);
    expect(rest).toEqual({});
    expect(await rowsOf(server, other.id)).toEqual(before.staying);
  });

  test("its open executions end by the one door, and stay only as long as whoever was let in before may write", async () => {
    const namespace = await addNamespace(server, "quiet");
    const client = new TestClient(() => ({ ...server, call: as(namespace) }));
    const { workflow } = await client.publish({ nodes: [{ id: "wait", type: "signal", signal: "go" }] });
    const id = await client.start(workflow);
    const events = server.instance.services.announcements.watch(BigInt((await keysOf(namespace))[0] ?? 0));
    await remove("quiet");
    await turn({ aheadMs: 0 });
    expect(events.progress.closed, id).toBe(true);
    events.stop();
    await expect.poll(() => keysOf(namespace), { timeout: 20_000 }).toEqual([]);
    expect(await sql(server, "select from namespaces where id = $1", [namespace.id])).toHaveLength(1);
    await gone("namespaces", namespace.id);
  });

  async function keysOf({ id }: TestNamespace): Promise<string[]> {
    const rows = await sql<{ id: string }>(server, "select id::text from executions where namespace_id = $1", [id]);
    return rows.map((row) => row.id);
  }

  test("one that cannot be folded goes as well", async () => {
    const namespace = await addNamespace(server, "broken");
    const client = new TestClient(() => ({ ...server, call: as(namespace) }));
    const { workflow } = await client.publish({ nodes: [{ id: "wait", type: "signal", signal: "go" }] });
    await client.start(workflow);
    await sql(server, "update executions set status = 'quarantined' where namespace_id = $1", [namespace.id]);
    await remove("broken");
    await gone("namespaces", namespace.id);
    expect(await keysOf(namespace)).toEqual([]);
  });

  test("broken off at any statement, the next process goes on, and ends in the same place", async () => {
    const one = await addNamespace(server, "interrupted");
    await fill(server, one, "interruptedmark");
    const before = await rowsOf(server, other.id);
    await remove("interrupted");
    let broken = 0;
    for (let at = 1; ; at++) {
      const failed = await turn({ db: failingAt(at) }).then(
        () => false,
        () => true,
      );
      if (!failed) break;
      broken = at;
    }
    expect(broken).toBeGreaterThan(4);
    await gone("namespaces", one.id);
    const { audit_log: _, ...left } = await mentions(server, ["interruptedmark"]);
    expect(left).toEqual({});
    expect(await rowsOf(server, other.id)).toEqual(before);
  });
});

/** The connection is lost at the n-th statement: after it took effect, every other time. */
function failingAt(n: number): Queryable {
  let statements = 0;
  const { reads } = server.instance;
  return {
    async query(...query) {
      statements += 1;
      if (statements === n && n % 2 === 0) await reads.query(...query);
      if (statements === n) throw new Error("lost");
      return reads.query(...query);
    },
  };
}

async function signIn(): Promise<Record<string, string>> {
  const { email, password } = ADMIN;
  const headers = { origin: server.url };
  const signedIn = await server.call("POST", "/api/auth/sign-in/email", { email, password }, { key: null, headers });
  expect(signedIn.status, JSON.stringify(signedIn.body)).toBe(200);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  return { ...headers, cookie };
}

describe("a deleted organisation", () => {
  test("goes with its namespaces and its part of the audit log; its people keep their accounts", async () => {
    const leaving = await addOrganisation(server, "leaving org");
    const one = await addNamespace(server, "a", leaving);
    const two = await addNamespace(server, "b", leaving);
    await fill(server, one, "orgmark");
    const [admin] = await sql<{ id: string }>(server, "select id from users where email = $1", [ADMIN.email]);
    const member = "insert into memberships (organisation_id, user_id, role) values ($1, $2, 'owner')";
    for (const organisation of [leaving, otherOrganisation]) {
      await sql(server, member, [organisation, admin?.id]);
      await sql(
        server,
        `insert into invitations (id, organisation_id, email, role, token_hash, invited_by, created_at, expires_at)
         values ($1::int, $1, $2, 'member', sha256($2::text::bytea), 'user:x', now(), now())`,
        [organisation, `invited${organisation}@example.com`],
      );
    }
    const kept = await ofOrganisation(otherOrganisation, other);
    const session = { key: null, headers: { ...(await signIn()), "x-cerebelum-namespace": "leaving org/a" } };
    const wrong = await server.call("DELETE", "organisation?confirm=leaving", undefined, session);
    expect(wrong).toMatchObject(refusal(422, "INVALID_REQUEST"));
    const asked = await server.call("DELETE", "organisation?confirm=leaving%20org", undefined, session);
    expect(asked.status, JSON.stringify(asked.body)).toBe(202);
    expect((await as(one)("GET", "workflows")).status).toBe(401);
    expect((await as(two)("GET", "workflows")).status).toBe(401);
    expect((await server.call("GET", "workflows", undefined, session)).status).toBe(404);

    await gone("organisations", leaving);
    expect(await rowsOf(server, one.id)).toEqual({});
    expect(await rowsOf(server, two.id)).toEqual({});
    for (const { name, columns } of await tables(server)) {
      const column = name === "organisations" ? "id" : columns.find((column) => column === "organisation_id");
      if (column === undefined) continue;
      expect(await sql(server, `select from ${name} where ${column} = $1`, [leaving]), name).toEqual([]);
    }
    expect(await mentions(server, ["orgmark"])).toEqual({});
    // Who signs in meanwhile is written down.
    const log = expect.arrayContaining(kept.log);
    expect(await ofOrganisation(otherOrganisation, other)).toEqual({ ...kept, log });
    expect(await sql(server, "select from users where id = $1", [admin?.id])).toHaveLength(1);
    await signIn();
  });

  test("what is refused to its keys afterwards is written nowhere", async () => {
    const { audit } = server.instance;
    const origin = { organisationId: 999_999, namespaceId: null, actor: "unknown", credential: null };
    const from = { address: null, userAgent: null, requestId: null };
    await audit.done({ ...origin, ...from }, { action: "x.y", target: null });
    expect(await sql(server, "select from audit_log where organisation_id = 999999")).toEqual([]);
  });

  test("while it lives nothing of its audit log can be removed", async () => {
    const organisation = await addOrganisation(server, "living");
    const row =
      "insert into audit_log (id, organisation_id, at, actor, action, outcome) values ($1::int, $1, now(), 'x', 'x.y', 'done')";
    await sql(server, row, [organisation]);
    expect(await sql(server, "select remove_audit($1, 10) as n", [organisation])).toEqual([{ n: 0 }]);
    await expect(sql(server, "delete from audit_log where organisation_id = $1", [organisation])).rejects.toThrow(
      "append-only",
    );
  });

  async function ofOrganisation(organisation: number, namespace: TestNamespace) {
    const { audit_log: _, ...rows } = await rowsOf(server, namespace.id);
    const of = (table: string) =>
      sql(server, `select t::text from ${table} t where organisation_id = $1 order by 1`, [organisation]);
    return {
      rows,
      memberships: await of("memberships"),
      invitations: await of("invitations"),
      log: await of("audit_log"),
    };
  }
});
