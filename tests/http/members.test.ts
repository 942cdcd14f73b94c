// Members and their roles: who may change whom, that there is always an owner, and that it holds from the next call on.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./client";
import { admin, person, type SignedIn } from "./person";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let owner: SignedIn;
beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
  owner = await admin(server);
});
afterAll(() => server?.close());

const setRole = (who: SignedIn, of: SignedIn, role: string) => who.call("PATCH", `members/${of.id}`, { role });
const remove = (who: SignedIn, whom: SignedIn) => who.call("DELETE", `members/${whom.id}`);
const roleOf = async (who: SignedIn) => (await who.call("GET", "me")).body.role;
const forbidden = refusal(403, "FORBIDDEN");

/** An organisation of their own, with themselves as its owners. */
async function owners(count: number): Promise<{ people: SignedIn[]; id: number }> {
  const { rows } = await server.instance.reads.query<{ id: number }>(
    "insert into organisations (name) select 'o-' || count(*) from organisations returning id",
  );
  const id = rows[0]?.id ?? 0;
  await server.instance.reads.query("insert into namespaces (organisation_id, name) values ($1, 'default')", [id]);
  const people: SignedIn[] = [];
  for (let i = 0; i < count; i++) people.push(await person(server, "owner", id));
  return { people, id };
}

describe("members", () => {
  test("are listed by address, with their roles, for whoever administers", async () => {
    const viewer = await person(server, "viewer");
    const { body } = await owner.call("GET", "members");
    expect(body.items).toContainEqual({
      user: viewer.id,
      email: viewer.email,
      name: expect.any(String),
      role: "viewer",
      joinedAt: expect.any(String),
    });
    const emails = body.items.map(({ email }: { email: string }) => email);
    expect(emails).toEqual([...emails].sort());
    const first = await owner.call("GET", "members?limit=1");
    const second = await owner.call("GET", `members?limit=1&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items]).toEqual(body.items.slice(0, 2));
    expect(await viewer.call("GET", "members")).toMatchObject(forbidden);
    expect((await server.call("GET", "members")).body).toEqual(body);
  });

  test("get another role, and it holds from their next call on", async () => {
    const member = await person(server, "viewer");
    expect(await member.call("POST", "workflows/validate", { definition: {} })).toMatchObject(forbidden);
    const changed = await setRole(owner, member, "member");
    expect([changed.status, changed.body.role]).toEqual([200, "member"]);
    expect((await member.call("POST", "workflows/validate", { definition: {} })).status).toBe(200);
    expect((await setRole(owner, member, "king")).status).toBe(422);
    expect(await owner.call("PATCH", "members/nobody", { role: "member" })).toMatchObject(
      refusal(404, "MEMBER_NOT_FOUND"),
    );
  });

  test("who are removed are out at once; the keys they made stay, and say who made them", async () => {
    const member = await person(server, "admin");
    const key = (await member.call("POST", "api-keys", { name: "theirs", scopes: ["read"] })).body;
    expect((await remove(owner, member)).status).toBe(204);
    expect((await member.call("GET", "executions")).status).toBe(404);
    expect((await member.call("GET", "me")).body).toMatchObject({ organisation: null, organisations: [] });
    expect((await server.call("GET", "executions", undefined, { key: key.secret })).status).toBe(200);
    const listed = (await owner.call("GET", "api-keys")).body.items;
    expect(listed.find(({ id }: { id: string }) => id === key.id).createdBy).toBe(`user:${member.id}`);
    expect((await remove(owner, member)).status).toBe(404);
  });

  test.each(["admin", "member", "viewer", "approver"] as const)("leave by themselves as %s", async (role) => {
    const member = await person(server, role);
    expect((await remove(member, member)).status).toBe(204);
    expect(await roleOf(member)).toBeNull();
  });
});

describe("only an owner", () => {
  test("makes, changes and removes owners", async () => {
    const administrator = await person(server, "admin");
    const second = await person(server, "owner");
    const member = await person(server, "member");
    for (const answer of [
      await setRole(administrator, member, "owner"),
      await setRole(administrator, administrator, "owner"),
      await setRole(administrator, second, "member"),
      await remove(administrator, second),
      await administrator.call("POST", "organisation/transfer", { user: member.id }),
      await server.call("PATCH", `members/${member.id}`, { role: "owner" }),
      await server.call("DELETE", `members/${second.id}`),
    ])
      expect(answer).toMatchObject(forbidden);
    expect([await roleOf(administrator), await roleOf(second), await roleOf(member)]).toEqual([
      "admin",
      "owner",
      "member",
    ]);
    expect((await setRole(administrator, member, "admin")).status).toBe(200);
    expect((await setRole(owner, member, "owner")).status).toBe(200);
    expect((await setRole(owner, member, "viewer")).status).toBe(200);
    expect((await remove(owner, second)).status).toBe(204);
  });

  test.each(["member", "viewer", "approver"] as const)("or an admin touches others: no %s does", async (role) => {
    const one = await person(server, role);
    const other = await person(server, "viewer");
    expect(await setRole(one, other, "member")).toMatchObject(forbidden);
    expect(await setRole(one, one, "admin")).toMatchObject(forbidden);
    expect(await remove(one, other)).toMatchObject(forbidden);
    expect(await one.call("DELETE", "members/nobody")).toMatchObject(forbidden);
    expect(await roleOf(other)).toBe("viewer");
  });

  test("hands it on to another, and is an admin then", async () => {
    const {
      people: [first],
      id,
    } = await owners(1);
    const member = await person(server, "viewer", id);
    if (first === undefined) throw new Error("there is no owner");
    const transfer = (user: string) => first.call("POST", "organisation/transfer", { user });
    expect((await transfer(first.id)).status).toBe(422);
    expect(await transfer(owner.id)).toMatchObject(refusal(404, "MEMBER_NOT_FOUND"));
    expect((await transfer(member.id)).status).toBe(204);
    expect([await roleOf(first), await roleOf(member)]).toEqual(["admin", "owner"]);
    expect(await transfer(member.id)).toMatchObject(forbidden);
  });
});

describe("the last owner", () => {
  test("neither leaves nor becomes anything else", async () => {
    const { people } = await owners(1);
    const [last] = people;
    if (last === undefined) throw new Error("there is no owner");
    expect(await setRole(last, last, "admin")).toMatchObject(refusal(409, "LAST_OWNER"));
    expect(await remove(last, last)).toMatchObject(refusal(409, "LAST_OWNER"));
    expect(await roleOf(last)).toBe("owner");
  });

  test.each(["demote", "remove"])("stays where two owners %s each other at once", async (verb) => {
    const { people, id } = await owners(2);
    const [one, other] = people;
    if (one === undefined || other === undefined) throw new Error("there are no owners");
    const strike = (who: SignedIn, whom: SignedIn) =>
      verb === "demote" ? setRole(who, whom, "admin") : remove(who, whom);
    const lock = await server.instance.reads.connect();
    await lock.query("begin");
    await lock.query("select from organisations where id = $1 for update", [id]);
    const answers = [strike(one, other), strike(other, one)];
    // Both were let in as owners: without the lock both would go through.
    await expect.poll(async () => waitersFor(server), { timeout: 10_000 }).toBe(2);
    await lock.query("commit");
    lock.release();
    const [done, refused] = (await Promise.all(answers)).sort((a, b) => a.status - b.status);
    expect(done?.status).toBe(verb === "demote" ? 200 : 204);
    expect(refused).toMatchObject(refusal(409, "LAST_OWNER"));
    const { rows } = await server.instance.reads.query(
      "select 1 from memberships where organisation_id = $1 and role = 'owner'",
      [id],
    );
    expect(rows.length).toBe(1);
  });

  test("decides nothing more once somebody else took the role from them while their call waited", async () => {
    const { people, id } = await owners(3);
    const [one, other, third] = people;
    if (one === undefined || other === undefined || third === undefined) throw new Error("there are no owners");
    const lock = await server.instance.reads.connect();
    await lock.query("begin");
    await lock.query("select from organisations where id = $1 for update", [id]);
    const late = setRole(other, third, "viewer");
    await expect.poll(async () => waitersFor(server), { timeout: 10_000 }).toBe(1);
    await lock.query("update memberships set role = 'viewer' where organisation_id = $1 and user_id = $2", [
      id,
      other.id,
    ]);
    await lock.query("commit");
    lock.release();
    expect(await late).toMatchObject(forbidden);
    expect(await roleOf(third)).toBe("owner");
  });
});

async function waitersFor({ instance }: TestServer): Promise<number> {
  const { rows } = await instance.reads.query<{ waiters: number }>(
    `select count(*)::int as waiters from pg_stat_activity
     where wait_event_type = 'Lock' and datname = current_database() and query like '%organisations%'`,
  );
  return rows[0]?.waiters ?? 0;
}
