/** Sign-in for people: e-mail and password, sessions in the database, nobody can sign up by themselves. */
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import type { Database } from "@/db/client";
import { accounts, sessions, users, verifications } from "@/db/schema/auth";
import type { Person } from "@/lib/auth/principal";
import type { Log } from "@/lib/log";

/** The server writes the peer's address here and drops what the client sent, so that no client can choose its own limit. */
export const CLIENT_ADDRESS_HEADER = "x-cerebelum-client-address";

/** Sign-ins from one address, right or wrong. */
const SIGN_IN_LIMIT = { window: 60, max: 20 };

export interface People {
  /** Answers everything under /api/auth. */
  handle(request: Request): Promise<Response>;
  /** The person of a session cookie, or null. */
  currentPerson(headers: Headers): Promise<Person | null>;
  /** Adds a person who can sign in with that password; answers their id. */
  add(person: { email: string; name: string; password: string }): Promise<string>;
}

/** @param secret signs the session cookies; the same in every process of an installation */
export function openPeople(database: Database, secret: string, log: Log): People {
  const auth = betterAuth({
    appName: "Cerebelum",
    secret,
    basePath: "/api/auth",
    database: drizzleAdapter(database, {
      provider: "pg",
      schema: { user: users, session: sessions, account: accounts, verification: verifications },
    }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12 },
    telemetry: { enabled: false },
    rateLimit: { enabled: true, window: 60, max: 300, customRules: { "/sign-in/email": SIGN_IN_LIMIT } },
    advanced: {
      cookiePrefix: "cerebelum",
      // One installation is reached by more than one name, over TLS or on the machine itself: the server marks cookies.
      useSecureCookies: false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    trustedOrigins: (request) => originsOf(request),
    logger: { log: (level, message) => log[level === "error" ? "error" : "debug"]({ from: "auth" }, message) },
  });
  return {
    handle: (request) => auth.handler(request),
    async currentPerson(headers) {
      const found = await auth.api.getSession({ headers });
      if (found === null) return null;
      const { user, session } = found;
      return { id: user.id, email: user.email, name: user.name, sessionId: session.id };
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
  };
}

/** The page's own origin, whichever name the server was reached by and whether or not a proxy speaks TLS for it. */
function originsOf(request: Request | undefined): string[] {
  const host = request?.headers.get("host");
  return host ? [`http://${host}`, `https://${host}`] : [];
}
