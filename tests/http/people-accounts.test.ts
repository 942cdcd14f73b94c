// How people come and go: making an account by each policy, proving an address, passwords, sessions, closing it.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNodeServer } from "@/lib/http/node-server";
import {
  BEHIND_PROXY,
  Browser,
  entriesOf,
  invite,
  invitedBy,
  join,
  type MailServer,
  PASSWORD,
  startMailServer,
} from "./people-support";
import { ADMIN, startServer, type TestServer } from "./support";

const stopping = new AbortController();
let mails: MailServer;
let byInvitation: TestServer;
let open: TestServer;
let closed: TestServer;
beforeAll(async () => {
  mails = await startMailServer();
  const settings = {
    ...BEHIND_PROXY,
    CEREBELUM_SMTP_URL: mails.url,
    CEREBELUM_MAIL_FROM: "Cerebelum <robot@example.com>",
  };
  byInvitation = await startServer({ settings });
  open = await startServer({ settings: { ...settings, CEREBELUM_SIGN_UP: "open" } });
  closed = await startServer({ settings: { ...BEHIND_PROXY, CEREBELUM_SIGN_UP: "closed" } });
});
afterAll(async () => {
  for (const server of [byInvitation, open, closed]) await server?.close();
  await mails?.close();
});

const signUp = (browser: Browser, email: string, headers: Record<string, string> = {}) =>
  browser.post("/sign-up/email", { name: "New", email, password: PASSWORD }, headers);

describe("an account", () => {
  test("is made with the token of an invitation, and is signed in and a member at once, once", async () => {
    const token = await invite(byInvitation, "ann@example.com", { role: "viewer" });
    const browser = new Browser(byInvitation);
    const reply = await signUp(browser, "Ann@example.com", invitedBy(token));
    expect([reply.status, reply.body.user.emailVerified]).toEqual([200, true]);
    expect((await browser.api("GET", "executions")).status).toBe(200);
    expect((await browser.api("POST", "workflows/validate", { definition: {} })).status).toBe(403);
    const { rows } = await byInvitation.instance.reads.query(
      "select accepted_at is not null as accepted from invitations where email = 'ann@example.com'",
    );
    expect(rows).toEqual([{ accepted: true }]);
    const again = await signUp(new Browser(byInvitation), "ann@example.com", invitedBy(token));
    expect([again.status, again.body.code]).toEqual([403, "SIGN_UP_BY_INVITATION"]);
    expect(await entriesOf(byInvitation, "person.sign_up")).toContainEqual(
      expect.objectContaining({
        organisation: 1,
        target: "ann@example.com",
        outcome: "done",
        address: browser.address,
      }),
    );
  });

  test("is made once, however many come with the same link at once", async () => {
    const email = "many@example.com";
    const token = await invite(byInvitation, email);
    const replies = await Promise.all([1, 2, 3].map(() => signUp(new Browser(byInvitation), email, invitedBy(token))));
    expect(replies.filter(({ body }) => typeof body.token === "string")).toHaveLength(1);
    const { rows } = await byInvitation.instance.reads.query(
      "select m.role from users u join memberships m on m.user_id = u.id where u.email = $1",
      [email],
    );
    expect(rows).toEqual([{ role: "member" }]);
  });

  test("needs an invitation that is open and for that address, whoever has an account already", async () => {
    const expired = { expiresAt: new Date(Date.now() - 1) };
    const tokens: [string, string | null][] = [
      ["bob@example.com", null],
      ["bob@example.com", "no such token"],
      ["bob@example.com", await invite(byInvitation, "somebody.else@example.com")],
      ["bob@example.com", await invite(byInvitation, "bob@example.com", expired)],
      ["bob@example.com", await invite(byInvitation, "bob@example.com", { revoked: true })],
      [ADMIN.email, null],
    ];
    // There is an open one for the address: without its token that is no proof of anything.
    await invite(byInvitation, "bob@example.com");
    for (const [email, token] of tokens) {
      const reply = await signUp(new Browser(byInvitation), email, token === null ? {} : invitedBy(token));
      expect([reply.status, reply.body.code], String(token)).toEqual([403, "SIGN_UP_BY_INVITATION"]);
    }
    const { rows } = await byInvitation.instance.reads.query("select 1 from users where email = 'bob@example.com'");
    expect(rows).toEqual([]);
  });

  test("cannot be made where sign-up is closed, not even with an invitation", async () => {
    const token = await invite(closed, "cora@example.com");
    const reply = await signUp(new Browser(closed), "cora@example.com", invitedBy(token));
    expect([reply.status, reply.body.code]).toEqual([403, "SIGN_UP_CLOSED"]);
  });

  test("that anyone may make can be used once its address is confirmed", async () => {
    const browser = new Browser(open);
    expect((await signUp(browser, "dora@example.com")).body.token).toBeNull();
    const early = await browser.signIn("dora@example.com");
    expect([early.status, early.body.code]).toEqual([403, "EMAIL_NOT_VERIFIED"]);
    const mail = await mails.next("dora@example.com");
    expect([mail.from, mail.subject, mail.link.origin]).toEqual([
      "robot@example.com",
      "Confirm your e-mail address",
      open.url,
    ]);
    expect((await browser.get(mail.link.href.slice(`${open.url}/api/auth`.length))).status).toBe(302);
    expect(await browser.isIn()).toBe(false);
    expect((await browser.signIn("dora@example.com")).status).toBe(200);
    expect((await browser.api("GET", "executions")).status).toBe(404);
  });

  test("is asked for alike by whoever has one and whoever has none", async () => {
    const known = await signUp(new Browser(open), ADMIN.email);
    const unknown = await signUp(new Browser(open), "erik@example.com");
    expect(known.status).toBe(unknown.status);
    expect(Object.keys(known.body.user).sort()).toEqual(Object.keys(unknown.body.user).sort());
    expect({ ...known.body, user: { ...known.body.user, ...unknown.body.user } }).toEqual(unknown.body);
    expect((await mails.next(ADMIN.email)).subject).toBe("You have an account already");
    expect((await mails.next("erik@example.com")).subject).toBe("Confirm your e-mail address");
  });

  test("has no name that fills a table", async () => {
    const { browser } = await join(byInvitation);
    expect((await browser.post("/update-user", { name: "x".repeat(201) })).status).toBe(400);
    expect((await browser.post("/update-user", { name: "x".repeat(200) })).status).toBe(200);
  });

  test("is closed by its person, unless an organisation would be left without an owner", async () => {
    const { browser, email } = await join(byInvitation);
    expect((await browser.post("/delete-user", { password: "not the password" })).status).toBe(400);
    expect((await browser.post("/delete-user", { password: PASSWORD })).status).toBe(200);
    expect(await browser.isIn()).toBe(false);
    expect((await browser.signIn(email)).status).toBe(401);
    expect(await entriesOf(byInvitation, "person.close")).toContainEqual(
      expect.objectContaining({ target: email, outcome: "done", actor: expect.stringMatching(/^user:/) }),
    );
    const owner = new Browser(byInvitation);
    await owner.signIn(ADMIN.email, ADMIN.password);
    const refused = await owner.post("/delete-user", { password: ADMIN.password });
    expect([refused.status, refused.body.code]).toEqual([409, "LAST_OWNER"]);
    expect(await owner.isIn()).toBe(true);
  });
});

describe("a password", () => {
  test("is chosen anew by a link that works once, and everybody else is out", async () => {
    const { browser, email } = await join(byInvitation);
    const stranger = new Browser(byInvitation);
    expect((await stranger.post("/request-password-reset", { email })).status).toBe(200);
    const { link } = await mails.next(email);
    expect([link.origin, link.pathname]).toEqual([byInvitation.url, "/reset-password"]);
    const choose = (newPassword: string) =>
      stranger.post("/reset-password", { newPassword, token: link.searchParams.get("token") });
    expect((await choose("short")).status).toBe(400);
    expect((await choose("another long password")).status).toBe(200);
    expect(await browser.isIn()).toBe(false);
    const again = await choose("a third long password");
    expect([again.status, again.body.code]).toEqual([400, "INVALID_TOKEN"]);
    expect((await browser.signIn(email)).status).toBe(401);
    expect((await browser.signIn(email, "another long password")).status).toBe(200);
    const entries = await entriesOf(byInvitation, "password.reset");
    expect(entries).toContainEqual(expect.objectContaining({ target: email, outcome: "done", actor: "unknown" }));
    expect(entries).toContainEqual(expect.objectContaining({ outcome: "refused", code: "INVALID_TOKEN" }));
  });

  test("once chosen anew makes the other links for it useless", async () => {
    const { email } = await join(byInvitation);
    const stranger = new Browser(byInvitation);
    await stranger.post("/request-password-reset", { email });
    await stranger.post("/request-password-reset", { email });
    const links = [await mails.next(email), await mails.next(email)];
    const statuses: number[] = [];
    for (const { link } of links) {
      const token = link.searchParams.get("token");
      statuses.push((await stranger.post("/reset-password", { newPassword: PASSWORD, token })).status);
    }
    expect(statuses).toEqual([200, 400]);
  });

  test("that is changed ends every other session", async () => {
    const { browser, email } = await join(byInvitation);
    const other = new Browser(byInvitation);
    await other.signIn(email);
    const change = { currentPassword: PASSWORD, newPassword: "another long password", revokeOtherSessions: false };
    expect((await browser.post("/change-password", { ...change, currentPassword: "wrong one" })).status).toBe(400);
    expect((await browser.post("/change-password", change)).status).toBe(200);
    expect([await browser.isIn(), await other.isIn()]).toEqual([true, false]);
    const entries = await entriesOf(byInvitation, "password.change");
    expect(entries.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["refused", "INVALID_PASSWORD"],
      ["done", null],
    ]);
  });

  test("asked for or guessed is answered alike for addresses that are known and unknown", async () => {
    const browser = new Browser(byInvitation);
    const { email } = await join(byInvitation);
    for (const ask of [
      (address: string) => browser.post("/request-password-reset", { email: address }),
      (address: string) => browser.signIn(address, "not the password"),
    ]) {
      const [known, unknown] = [await ask(email), await ask("nobody.at.all@example.com")];
      expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    }
    const { rows } = await byInvitation.instance.reads.query(
      "select 1 from audit_log a where a::text like '%nobody.at.all%'",
    );
    expect(rows).toEqual([]);
    expect(await entriesOf(byInvitation, "password.reset_request")).toContainEqual(
      expect.objectContaining({ organisation: 1, target: null, actor: "unknown" }),
    );
  });
});

describe("an e-mail address", () => {
  test("is changed when the old and the new one agree, by whoever is signed in", async () => {
    const { browser, email } = await join(byInvitation);
    const newEmail = `new.${email}`;
    const follow = async (who: Browser, to: string) => {
      const { link } = await mails.next(to);
      return () => who.get(link.href.slice(`${byInvitation.url}/api/auth`.length));
    };
    expect((await browser.post("/change-email", { newEmail })).status).toBe(200);
    await (await follow(browser, email))();
    const stranger = new Browser(byInvitation);
    const { link } = await mails.next(newEmail);
    const path = link.href.slice(`${byInvitation.url}/api/auth`.length);
    const reply = await stranger.get(path);
    expect(reply.headers.get("location")).toBe(`${byInvitation.url}/sign-in?error=sign_in_first`);
    expect(await stranger.isIn()).toBe(false);
    expect((await browser.signIn(newEmail)).status).toBe(401);
    await browser.signIn(email);
    await browser.get(path);
    expect((await browser.signIn(newEmail)).status).toBe(200);
    expect(await entriesOf(byInvitation, "email.change")).toContainEqual(
      expect.objectContaining({ target: newEmail, outcome: "done" }),
    );
  });
});

describe("sessions", () => {
  test("are listed, and ended one by one or all others at once", async () => {
    const { browser, email } = await join(byInvitation);
    const others = [new Browser(byInvitation), new Browser(byInvitation)] as const;
    for (const other of others) await other.signIn(email);
    const list = await browser.get("/list-sessions");
    expect(list.body).toHaveLength(3);
    const { body } = await others[0].get("/get-session");
    await browser.post("/revoke-session", { token: body.session.token });
    expect([await others[0].isIn(), await others[1].isIn()]).toEqual([false, true]);
    await browser.post("/revoke-other-sessions");
    expect([await browser.isIn(), await others[1].isIn()]).toEqual([true, false]);
    await browser.post("/sign-out");
    expect(await browser.isIn()).toBe(false);
    const ended = await entriesOf(byInvitation, "session.end");
    expect(ended.filter(({ target }) => target === email)).toHaveLength(3);
  });

  test("end thirty days after they began, however busy they were", async () => {
    const { browser, email } = await join(byInvitation);
    const age = (interval: string) =>
      byInvitation.instance.reads.query(
        "update sessions set created_at = now() - $2::interval where user_id = (select id from users where email = $1)",
        [email, interval],
      );
    await age("29 days");
    expect((await browser.api("GET", "executions")).status).toBe(200);
    await age("30 days 1 minute");
    expect((await browser.api("GET", "executions")).status).toBe(401);
    expect(await browser.isIn()).toBe(false);
  });

  test("go on for whoever opens pages, and only for them", async () => {
    const { email, browser } = await join(byInvitation);
    const server = createNodeServer(
      byInvitation.instance,
      (_, response) => void response.end("a page"),
      stopping.signal,
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const open = (accept: string) =>
      fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { headers: { cookie, accept } });
    const { reads } = byInvitation.instance;
    const belongs = "where user_id = (select id from users where email = $1)";
    await reads.query(`update sessions set expires_at = now() + interval '5 days' ${belongs}`, [email]);
    expect((await open("*/*")).headers.getSetCookie()).toEqual([]);
    const [renewed] = (await open("text/html,*/*")).headers.getSetCookie();
    expect(renewed).toMatch(/^cerebelum\.session_token=.*; Max-Age=604800;/);
    const { rows } = await reads.query<{ days: number }>(
      `select ceil(extract(epoch from expires_at - now()) / 86400)::int as days from sessions ${belongs}`,
      [email],
    );
    expect(rows).toEqual([{ days: 7 }]);
    server.close();
    server.closeAllConnections();
  });

  test("are told of in the log of every organisation that the person belongs to", async () => {
    const { email } = await join(byInvitation);
    const { reads } = byInvitation.instance;
    await reads.query("insert into organisations (name) values ('second')");
    await reads.query(
      `insert into memberships (organisation_id, user_id, role)
        select o.id, u.id, 'viewer' from organisations o, users u where o.name = 'second' and u.email = $1`,
      [email],
    );
    const browser = new Browser(byInvitation);
    await browser.signIn(email, "not the password");
    await browser.signIn(email);
    await expect
      .poll(async () => {
        const entries = (await entriesOf(byInvitation, "session.create")).filter(({ target }) => target === email);
        return entries.map(({ organisation, outcome }) => `${outcome} ${organisation > 1}`).sort();
      })
      .toEqual(["done false", "done true", "refused false", "refused true"]);
  });
});
