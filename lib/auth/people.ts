/** People: how they make an account, sign in and out, and keep what is theirs; sessions are in the database. */
import type { Pool } from "@/db/client";
import { forgetVerificationsOf } from "@/db/stores/people";
import type { AuditTrail } from "@/lib/audit/trail";
import { Attempts } from "@/lib/auth/attempts";
import { type Auth, type AuthParts, CLIENT_ADDRESS_HEADER, openAuth } from "@/lib/auth/people/auth";
import { type Call, during, newCall } from "@/lib/auth/people/call";
import { Diary, type Ending } from "@/lib/auth/people/diary";
import { AccountLimits } from "@/lib/auth/people/guard";
import { OIDC_PROVIDER } from "@/lib/auth/people/sign-in-ways";
import { SignUpPolicy } from "@/lib/auth/people/sign-up-policy";
import type { Person } from "@/lib/auth/principal";
import type { Clock } from "@/lib/clock";
import type { Config } from "@/lib/config";
import type { Log } from "@/lib/log";
import type { Mailer } from "@/lib/mail/mailer";

export interface People {
  /** Answers everything under /api/auth. The client's address stands in the header that the server writes. */
  handle(request: Request): Promise<Response>;
  /** The person of a session cookie, or null. */
  currentPerson(headers: Headers): Promise<Person | null>;
  /** The `set-cookie` lines that keep the session of whoever opens a page from ending while they work. */
  renewal(headers: Headers): Promise<string[]>;
  /** Adds a person who can sign in with that password; answers their id. */
  add(person: { email: string; name: string; password: string }): Promise<string>;
  /** What links begin with, without a slash at the end: the operator's setting, or where the server listens. */
  siteUrl(): string;
  /** Where the server listens, once it does. */
  listensAt(url: string): void;
}

export interface PeopleOptions {
  db: Pool;
  config: Config;
  /** Signs the session cookies; the same in every process of an installation. */
  secret: string;
  log: Log;
  clock: Clock;
  audit: AuditTrail;
  mailer: Mailer;
}

/** Whoever signed in that long ago signs in again, however busy they were. */
const SESSION_LASTS_MS = 30 * 24 * 60 * 60_000;
const DISCOVERY_WITHIN_MS = 10_000;
const BASE_PATH = "/api/auth";

export function openPeople({ db, config, secret, log, clock, audit, mailer }: PeopleOptions): People {
  const attempts = new Attempts(db, clock);
  const limits = new AccountLimits(attempts, secret);
  const policy = new SignUpPolicy({ db, clock }, config.signUp);
  const parts: AuthParts = { db, config, secret, log, mailer, attempts, limits, policy };
  const diary = new Diary(db, audit);
  let siteUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
  let auth = openAuth(parts, siteUrl, false);
  let withOidc: Promise<Auth | null> | null = null;

  /** The provider is asked at its first use, and again if it did not answer: all other ways in work without it. */
  async function authFor(path: string): Promise<Auth> {
    if (config.signInWith.oidc === null || !needsProvider(path)) return auth;
    withOidc ??= discovered(openAuth(parts, siteUrl, true), config.signInWith.oidc.issuer, log);
    const ready = await withOidc;
    if (ready === null) withOidc = null;
    return ready ?? auth;
  }

  function isOver({ createdAt }: { createdAt: Date }): boolean {
    return clock.now() - createdAt.getTime() >= SESSION_LASTS_MS;
  }

  async function session(headers: Headers) {
    const found = await auth.api.getSession({ headers, query: { disableRefresh: true } });
    if (found === null || !isOver(found.session)) return found;
    await (await auth.$context).internalAdapter.deleteSession(found.session.token);
    return null;
  }

  async function currentPerson(headers: Headers): Promise<Person | null> {
    const found = await session(headers);
    if (found === null) return null;
    const { id, email, name } = found.user;
    return { id, email, name, sessionId: found.session.id };
  }

  async function handle(request: Request): Promise<Response> {
    const path = pathOf(request);
    const person = request.headers.has("cookie") ? await currentPerson(cookieOf(request.headers)) : null;
    const fields = await fieldsOf(request);
    const call = newCall(path, person, typeof fields.email === "string" ? fields.email.toLowerCase() : null);
    await diary.before(call);
    const response = await during(call, async () => (await authFor(path)).handler(request));
    if (response.status >= 500) log.error({ path, status: response.status }, "a sign-in call failed");
    const ending = await endingOf(response, request, call);
    if (ending.code === null) await settle(call);
    await diary.write(call, ending);
    if (call.made === null || call.invitation === null) return withRetryAfter(response);
    const signedIn = await handle(signInWith(fields, request));
    return signedIn.ok ? signedIn : response;
  }

  async function settle(call: Call): Promise<void> {
    await limits.succeeded(call);
    if (call.path === "/change-password" && call.person !== null) await db.query(forgetVerificationsOf(call.person.id));
  }

  return {
    currentPerson,
    handle,
    async renewal(headers) {
      const { response, headers: answered } = await auth.api.getSession({ headers, returnHeaders: true });
      return response === null || isOver(response.session) ? [] : answered.getSetCookie();
    },
    async add({ email, name, password }) {
      const { internalAdapter, password: hasher } = await auth.$context;
      const user = await internalAdapter.createUser({ email, name, emailVerified: true }, { method: "email-password" });
      const hash = await hasher.hash(password);
      await internalAdapter.linkAccount({
        userId: user.id,
        accountId: user.id,
        providerId: "credential",
        password: hash,
      });
      return user.id;
    },
    siteUrl: () => siteUrl,
    listensAt(url) {
      if (config.publicUrl !== null || url === siteUrl) return;
      siteUrl = url;
      auth = openAuth(parts, siteUrl, false);
      withOidc = null;
    },
  };
}

function needsProvider(path: string): boolean {
  return path === "/sign-in/social" || path === "/link-social" || path === `/callback/${OIDC_PROVIDER}`;
}

/** Null where the provider cannot be used now; the log says why. */
async function discovered(auth: Auth, issuer: string, log: Log): Promise<Auth | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DISCOVERY_WITHIN_MS);
  });
  const context = await Promise.race([auth.$context, tooLong]).catch(() => null);
  clearTimeout(timer);
  const provider = context?.socialProviders.find(({ id }) => id === OIDC_PROVIDER);
  if (provider !== undefined && provider.issuer?.replace(/\/+$/, "") === issuer.replace(/\/+$/, "")) return auth;
  log.error(
    { issuer, named: provider?.issuer },
    "the OpenID provider did not say where to sign in, or names another issuer",
  );
  return null;
}

function pathOf(request: Request): string {
  return new URL(request.url).pathname.slice(BASE_PATH.length);
}

function cookieOf(headers: Headers): Headers {
  return new Headers({ cookie: headers.get("cookie") ?? "" });
}

/** What a form or a page sent; the request's body is still there afterwards. */
async function fieldsOf(request: Request): Promise<Record<string, unknown>> {
  if (request.method !== "POST") return {};
  const text = await request.clone().text();
  const isJson = /json/.test(request.headers.get("content-type") ?? "");
  const fields: unknown = isJson ? parsed(text) : Object.fromEntries(new URLSearchParams(text));
  return typeof fields === "object" && fields !== null ? { ...fields } : {};
}

/** Who was invited proved the address already: an account is enough to be signed in with it. */
function signInWith({ email, password }: Record<string, unknown>, signUp: Request): Request {
  const headers = new Headers(signUp.headers);
  headers.set("content-type", "application/json");
  headers.delete("content-length");
  const url = new URL(`${BASE_PATH}/sign-in/email`, signUp.url);
  return new Request(url, { method: "POST", headers, body: JSON.stringify({ email, password }) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function endingOf(response: Response, request: Request, call: Call): Promise<Ending> {
  const body: unknown = /json/.test(response.headers.get("content-type") ?? "")
    ? parsed(await response.clone().text())
    : null;
  return {
    code: codeOf(response, body, call),
    halfDone: typeof body === "object" && body !== null && "twoFactorRedirect" in body,
    address: request.headers.get(CLIENT_ADDRESS_HEADER),
    userAgent: request.headers.get("user-agent"),
  };
}

/** What it was refused with, in capital letters; null where it was done. */
function codeOf(response: Response, body: unknown, call: Call): string | null {
  if (response.status === 429) return "TOO_MANY_REQUESTS";
  if (response.status >= 400) {
    const code = typeof body === "object" && body !== null && "code" in body ? body.code : undefined;
    return typeof code === "string" ? code : `HTTP_${response.status}`;
  }
  // Who signs up with the address of an account is answered as everybody is.
  if (call.path === "/sign-up/email" && call.made === null) return "USER_ALREADY_EXISTS";
  const location = response.headers.get("location");
  if (location === null) return null;
  const error = new URL(location, "http://unused").searchParams.get("error");
  return error === null ? null : error.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}

/** The library names the header in its own way. */
function withRetryAfter(response: Response): Response {
  if (response.status === 429 && !response.headers.has("retry-after"))
    response.headers.set("retry-after", response.headers.get("x-retry-after") ?? "60");
  return response;
}
