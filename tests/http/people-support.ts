// What the tests of people share: a browser's part of the talk, a mail server that keeps what it gets, codes of a second factor.
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";
import { hashPassword } from "better-auth/crypto";
import { hashSecret } from "@/lib/auth/api-keys";
import type { TestServer } from "./support";

export const PASSWORD = "a long enough password";

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects
  body: any;
}

let browsers = 0;

/** What a server is told so that each browser has an address of its own. */
export const BEHIND_PROXY = { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" };

/** Keeps cookies and never follows a redirect. */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** Of its own, as far as a server is told so that trusts this machine as its proxy. */
  readonly address: string;

  constructor(readonly server: Pick<TestServer, "url">) {
    browsers += 1;
    this.address = `10.1.${browsers >> 8}.${browsers & 255}`;
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#send(`/api/auth${path}`, "POST", headers, JSON.stringify(body));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#send(`/api/auth${path}`, "GET", headers);
  }

  /** A call to the API with the session. */
  api(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.#send(`/api/v1/${path}`, method, {}, body === undefined ? undefined : JSON.stringify(body));
  }

  signIn(email: string, password = PASSWORD): Promise<Reply> {
    return this.post("/sign-in/email", { email, password });
  }

  async isIn(): Promise<boolean> {
    return (await this.get("/get-session")).body !== null;
  }

  async #send(path: string, method: string, headers: Record<string, string>, body?: string): Promise<Reply> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(`${this.server.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        origin: this.server.url,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(cookie !== "" && { cookie }),
        "x-forwarded-for": this.address,
        ...headers,
      },
      body,
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== "" ? JSON.parse(text) : text,
    };
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const [name = "", value = ""] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    if (attributes.some((attribute) => /^ *max-age=0$/i.test(attribute))) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export interface Mail {
  from: string;
  to: string;
  subject: string;
  text: string;
  /** The first one in the text. */
  link: URL;
}

export interface MailServer {
  url: string;
  mails: Mail[];
  /** The next one to that address that nobody took yet. */
  next(to: string): Promise<Mail>;
  close(): Promise<void>;
}

/** Speaks as much SMTP as a client needs, and keeps what it is given. */
export async function startMailServer(): Promise<MailServer> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  let heard = () => {};
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    converse(socket, (mail) => {
      mails.push(mail);
      heard();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    async next(to) {
      for (;;) {
        const index = mails.findIndex((mail) => mail.to === to);
        const [mail] = index === -1 ? [] : mails.splice(index, 1);
        if (mail !== undefined) return mail;
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function converse(socket: Socket, received: (mail: Mail) => void): void {
  let rest = "";
  let envelope = { from: "", to: "" };
  let data: string[] | null = null;
  const say = (line: string) => socket.write(`${line}\r\n`);
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) hear(line);
  });
  say("220 sink");

  function hear(line: string): void {
    if (data !== null) {
      if (line !== ".") return void data.push(line.replace(/^\./, ""));
      received(parseMail(envelope, data.join("\n")));
      data = null;
      return void say("250 kept");
    }
    const address = /<(.*)>/.exec(line)?.[1] ?? "";
    if (/^MAIL/i.test(line)) envelope = { from: address, to: "" };
    if (/^RCPT/i.test(line)) envelope.to = address;
    if (/^DATA/i.test(line)) {
      data = [];
      return void say("354 go on");
    }
    if (/^QUIT/i.test(line)) return void socket.end("221 bye\r\n");
    say("250 ok");
  }
}

function parseMail(envelope: { from: string; to: string }, source: string): Mail {
  const [head = "", ...body] = source.split("\n\n");
  const quoted = /quoted-printable/i.test(head);
  const raw = body.join("\n\n");
  const text = quoted
    ? raw.replace(/=\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : raw;
  const subject = /^Subject: (.*)$/m.exec(head)?.[1] ?? "";
  return { ...envelope, subject, text, link: new URL(/https?:\S+/.exec(text)?.[0] ?? "about:blank") };
}

/** An invitation to the first organisation, as an administrator would have made it; answers the token of its link. */
export async function invite(
  { instance }: TestServer,
  email: string,
  { role = "member", expiresAt = new Date(Date.now() + 60_000), revoked = false } = {},
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await instance.reads.query(
    `insert into invitations (id, organisation_id, email, role, token_hash, invited_by, created_at, expires_at, revoked_at)
      values ($1, 1, $2, $3, $4, 'user:test', now(), $5, $6)`,
    [instance.services.keys.next(), email, role, hashSecret(token), expiresAt, revoked ? new Date() : null],
  );
  return token;
}

/** The hash of {@link PASSWORD}: made once, because making one takes its time on purpose. */
const passwordHash = hashPassword(PASSWORD);

/** Somebody new who belongs to the first organisation and is signed in. */
export async function join(server: TestServer, role = "member"): Promise<{ browser: Browser; email: string }> {
  const id = randomBytes(8).toString("hex");
  const email = `person.${id}@example.com`;
  const token = randomBytes(24).toString("base64url");
  const { reads } = server.instance;
  await reads.query("insert into users (id, name, email, email_verified) values ($1, 'Person', $2, true)", [id, email]);
  await reads.query(
    "insert into accounts (id, account_id, provider_id, user_id, password) values ($1, $1, 'credential', $1, $2)",
    [id, await passwordHash],
  );
  await reads.query("insert into memberships (organisation_id, user_id, role) values (1, $1, $2)", [id, role]);
  await reads.query(
    "insert into sessions (id, token, user_id, expires_at) values ($1, $2, $1, now() + interval '7 days')",
    [id, token],
  );
  const browser = new Browser(server);
  const { rows } = await reads.query<{ value: string }>(
    "select value from instance_settings where name = 'auth-secret'",
  );
  const signature = createHmac("sha256", rows[0]?.value ?? "")
    .update(token)
    .digest("base64");
  browser.cookies.set("cerebelum.session_token", encodeURIComponent(`${token}.${signature}`));
  return { browser, email };
}

export function invitedBy(token: string): Record<string, string> {
  return { "x-cerebelum-invitation": token };
}

/** @param later how many half minutes from now the code is shown */
export async function codeOf(totpUri: string, later = 0): Promise<string> {
  const secret = new TextDecoder().decode(base32.decode(new URL(totpUri).searchParams.get("secret") ?? ""));
  return createOTP(secret).hotp(Math.floor(Date.now() / 30_000) + later);
}

export interface Entry {
  organisation: number;
  actor: string;
  action: string;
  target: string | null;
  outcome: string;
  code: string | null;
  address: string | null;
}

/** The audit log's entries of that action, the oldest first. */
export async function entriesOf({ instance }: TestServer, action: string): Promise<Entry[]> {
  const { rows } = await instance.reads.query<Entry & Record<string, unknown>>(
    `select organisation_id as organisation, actor, action, target, outcome, code, address
      from audit_log where action = $1 order by id`,
    [action],
  );
  return rows;
}
