/** better-auth, as this server uses it: every choice that matters for who gets in stands here. */
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError } from "better-auth/api";
import { twoFactor } from "better-auth/plugins";
import { openDrizzle, type Pool } from "@/db/client";
import { organisationsThatNeed } from "@/db/queries/people";
import { allRows } from "@/db/queries/query";
import { accounts, attemptCounts, sessions, twoFactors, users, verifications } from "@/db/schema/auth";
import { forgetVerificationsOf } from "@/db/stores/people";
import type { Attempts } from "@/lib/auth/attempts";
import { currentCall } from "@/lib/auth/people/call";
import { type AccountLimits, guard } from "@/lib/auth/people/guard";
import { oidcPlugin, socialProviders } from "@/lib/auth/people/providers";
import type { SignUpPolicy } from "@/lib/auth/people/sign-up-policy";
import type { Config } from "@/lib/config";
import type { Log } from "@/lib/log";
import { changeConfirmationLetter, knownAlreadyLetter, resetLetter, verificationLetter } from "@/lib/mail/letters";
import type { Mailer } from "@/lib/mail/mailer";

/** The server writes the client's address here and drops what the client sent, so that no client can choose its own limit. */
export const CLIENT_ADDRESS_HEADER = "x-cerebelum-client-address";

const DAY_S = 24 * 60 * 60;
const HOUR_S = 60 * 60;
const NAME_LENGTH = 200;
const TWO_FACTOR_COOKIE = "two_factor";

/** Calls from one address, right or wrong; `window` in seconds. */
const EVERYTHING = { window: 60, max: 300 };
const BY_ADDRESS = {
  "/sign-in/*": { window: 60, max: 20 },
  "/sign-up/*": { window: 600, max: 20 },
  "/request-password-reset": { window: 600, max: 20 },
  "/send-verification-email": { window: 600, max: 20 },
  "/reset-password": { window: 60, max: 20 },
  "/change-password": { window: 60, max: 20 },
  "/change-email": { window: 600, max: 20 },
  "/two-factor/*": { window: 60, max: 20 },
};

export interface AuthParts {
  db: Pool;
  config: Config;
  secret: string;
  log: Log;
  mailer: Mailer;
  attempts: Attempts;
  limits: AccountLimits;
  policy: SignUpPolicy;
}

export type Auth = ReturnType<typeof openAuth>;

/**
 * @param siteUrl where links lead to, and where answers of providers come back to
 * @param withOidc asks the OpenID provider for its endpoints first
 */
export function openAuth(parts: AuthParts, siteUrl: string, withOidc: boolean) {
  const { db, config, secret, log, mailer, attempts, policy } = parts;
  const { oidc } = config.signInWith;
  return betterAuth({
    appName: "Cerebelum",
    secret,
    baseURL: siteUrl,
    basePath: "/api/auth",
    database: drizzleAdapter(openDrizzle(db), {
      provider: "pg",
      schema: {
        user: users,
        session: sessions,
        account: accounts,
        verification: verifications,
        twoFactor: twoFactors,
        rateLimit: attemptCounts,
      },
    }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 12,
      requireEmailVerification: true,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: HOUR_S,
      sendResetPassword: async ({ user, token }) =>
        mailer.post(user.email, resetLetter(`${siteUrl}/reset-password?token=${encodeURIComponent(token)}`)),
      onExistingUserSignUp: async ({ user }) => mailer.post(user.email, knownAlreadyLetter(`${siteUrl}/sign-in`)),
      onPasswordReset: async ({ user }) => {
        const call = currentCall();
        if (call !== null) call.about = user.id;
        await db.query(forgetVerificationsOf(user.id));
      },
    },
    emailVerification: {
      expiresIn: HOUR_S,
      sendOnSignIn: true,
      sendVerificationEmail: async ({ user, url }) => {
        // Who was invited came by a link in a mail already.
        if (currentCall()?.path === "/sign-up/email" && user.emailVerified) return;
        mailer.post(user.email, verificationLetter(url));
      },
      afterEmailVerification: async (user) => {
        const call = currentCall();
        if (call !== null) call.confirmed = { id: user.id, email: user.email };
      },
    },
    user: {
      changeEmail: {
        enabled: true,
        sendChangeEmailConfirmation: async ({ user, newEmail, url }) =>
          mailer.post(user.email, changeConfirmationLetter(newEmail, url)),
      },
      deleteUser: { enabled: true, beforeDelete: (user) => refuseWhoIsNeeded(db, user.id) },
    },
    session: { expiresIn: 7 * DAY_S, updateAge: DAY_S },
    account: { accountLinking: { enabled: true, trustedProviders: [] }, updateAccountOnSignIn: false },
    // Whoever reads the table, or a backup of it, cannot follow the links that were sent.
    verification: { storeIdentifier: "hashed" },
    socialProviders: socialProviders(config.signInWith),
    plugins: [
      twoFactor({ issuer: "Cerebelum", twoFactorCookieMaxAge: 10 * 60 }),
      ...(withOidc && oidc !== null ? [oidcPlugin(oidc)] : []),
    ],
    disabledPaths: [
      "/get-access-token",
      "/refresh-token",
      "/account-info",
      "/two-factor/send-otp",
      "/two-factor/verify-otp",
    ],
    onAPIError: { errorURL: `${siteUrl}/sign-in` },
    hooks: { before: guard(parts.limits, policy, TWO_FACTOR_COOKIE) },
    databaseHooks: databaseHooks(policy),
    telemetry: { enabled: false },
    rateLimit: {
      enabled: true,
      ...EVERYTHING,
      customRules: BY_ADDRESS,
      customStorage: {
        async consume(key, { window, max }) {
          const { allowed, retryAfterMs } = await attempts.count(`address|${key}`, { max, windowMs: window * 1000 });
          return { allowed, retryAfter: allowed ? null : Math.ceil(retryAfterMs / 1000) };
        },
      },
    },
    advanced: {
      ...cookies(config),
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // Said outright, because the library is laxer under test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    trustedOrigins: config.publicUrl === null ? (request) => originsOf(request) : [],
    // What it calls an error is mostly a wrong call of somebody outside.
    logger: { log: (level, message) => log[level === "error" ? "warn" : "debug"]({ from: "auth" }, message) },
  } satisfies BetterAuthOptions);
}

/** Where it is known that people come over TLS, a browser keeps the cookies from everything else, subdomains included. */
function cookies({ publicUrl }: Config): BetterAuthOptions["advanced"] {
  const secure = publicUrl?.startsWith("https:") ?? false;
  return {
    cookiePrefix: secure ? "__Host-cerebelum" : "cerebelum",
    useSecureCookies: false,
    defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure },
  };
}

function databaseHooks(policy: SignUpPolicy): BetterAuthOptions["databaseHooks"] {
  return {
    user: {
      create: {
        before: async (user) => {
          refuseLongName(user.name);
          return { data: { ...user, ...(await policy.admit(currentCall(), user)) } };
        },
        after: async (user) => {
          const call = currentCall();
          if (call !== null) call.made = { id: user.id, email: user.email };
          await policy.join(call, user);
        },
      },
      update: {
        before: async (user) => refuseLongName(user.name),
      },
    },
    account: {
      // Nobody calls the provider in a person's name: what would let one do so is not kept.
      create: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
      update: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
    },
    session: {
      create: {
        after: async ({ id, userId }) => {
          currentCall()?.begun.push({ id, userId });
        },
      },
    },
  };
}

const NO_TOKENS = { accessToken: null, refreshToken: null, idToken: null };

function refuseLongName(name: unknown): void {
  if (typeof name === "string" && name.length > NAME_LENGTH)
    throw new APIError("BAD_REQUEST", {
      code: "NAME_TOO_LONG",
      message: `A name has at most ${NAME_LENGTH} characters.`,
    });
}

async function refuseWhoIsNeeded(db: Pool, userId: string): Promise<void> {
  const [organisation] = await allRows(db, organisationsThatNeed(userId));
  if (organisation === undefined) return;
  throw new APIError("CONFLICT", {
    code: "LAST_OWNER",
    message: `Nobody else owns ${organisation.name}: make another member an owner first.`,
  });
}

/** The page's own origin, whichever name the server was reached by and whether or not a proxy speaks TLS for it. */
function originsOf(request: Request | undefined): string[] {
  const host = request?.headers.get("host");
  return host ? [`http://${host}`, `https://${host}`] : [];
}
