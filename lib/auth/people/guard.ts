/** What comes before a call under /api/auth: limits of attempts for each account, who may sign up, and what is used once. */
import { createHmac } from "node:crypto";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import type { Attempt, AttemptLimit, Attempts } from "@/lib/auth/attempts";
import { type Call, currentCall } from "@/lib/auth/people/call";
import type { SignUpPolicy } from "@/lib/auth/people/sign-up-policy";

const MINUTE_MS = 60_000;

/** Wrong passwords and codes of one account, whatever addresses they come from; a right one begins anew. */
const GUESSES: AttemptLimit = { max: 10, windowMs: 15 * MINUTE_MS };
/** Mails that a stranger can have sent to one address. */
const MAILS: AttemptLimit = { max: 5, windowMs: 15 * MINUTE_MS };
/** A code of a second factor is good for half a minute, and one before and after. */
const CODE_USED: AttemptLimit = { max: 1, windowMs: 2 * MINUTE_MS };

/** Kinds of guessing; each has its own count. */
type Guess = "sign-in" | "mail" | "second-factor" | "password";

/** The token of an invitation's link, with which somebody makes an account. */
const INVITATION_HEADER = "x-cerebelum-invitation";

const MAILING: ReadonlySet<string> = new Set(["/request-password-reset", "/send-verification-email", "/sign-up/email"]);
const CODES: ReadonlySet<string> = new Set(["/two-factor/verify-totp", "/two-factor/verify-backup-code"]);
/** Where somebody who is signed in shows the password once more. */
const PASSWORD_AGAIN: ReadonlySet<string> = new Set([
  "/change-password",
  "/delete-user",
  "/two-factor/enable",
  "/two-factor/disable",
  "/two-factor/get-totp-uri",
  "/two-factor/generate-backup-codes",
]);

export class AccountLimits {
  constructor(
    private readonly attempts: Attempts,
    private readonly secret: string,
  ) {}

  /** Throws 429 where it is one too many. Known or not, whoever is named counts. */
  async count(guess: Guess, who: string): Promise<void> {
    refuseMore(await this.attempts.count(this.#key(guess, who), guess === "mail" ? MAILS : GUESSES));
  }

  /** What was guessed at was known: the next attempt begins from nothing. */
  async succeeded({ path, email, about, person }: Call): Promise<void> {
    if (path === "/sign-in/email" && email !== null) await this.attempts.forget(this.#key("sign-in", email));
    if (CODES.has(path) && about !== null) await this.attempts.forget(this.#key("second-factor", about));
    if (PASSWORD_AGAIN.has(path) && person !== null) await this.attempts.forget(this.#key("password", person.id));
  }

  /** Whether this is the first time that the code comes. */
  async isFirstUse(userId: string, code: string): Promise<boolean> {
    return (await this.attempts.count(this.#key("second-factor", `${userId} ${code}`), CODE_USED)).allowed;
  }

  /** What was typed as an address may be a password by mistake: it is stored nowhere. */
  #key(guess: Guess, who: string): string {
    return `${guess}|${createHmac("sha256", this.secret).update(who).digest("base64url")}`;
  }
}

/** @returns better-auth's hook before each call */
export function guard(limits: AccountLimits, policy: SignUpPolicy, twoFactorCookie: string) {
  return createAuthMiddleware(async (ctx) => {
    const call = currentCall();
    if (call === null) return;
    const body: Record<string, unknown> = isRecord(ctx.body) ? ctx.body : {};
    // As it was parsed for what comes next: of a form that names two, the very one that is judged counts.
    call.email = typeof body.email === "string" ? body.email.toLowerCase() : null;
    // A token of a provider that somebody got hold of is no proof of a sign-in that began here.
    if (body.idToken !== undefined) throw new APIError("BAD_REQUEST", { code: "ID_TOKEN_NOT_SUPPORTED" });
    if (call.email !== null && call.path === "/sign-in/email") await limits.count("sign-in", call.email);
    if (call.email !== null && MAILING.has(call.path)) await limits.count("mail", call.email);
    if (PASSWORD_AGAIN.has(call.path) && call.person !== null) await limits.count("password", call.person.id);
    if (call.path === "/sign-up/email") await policy.admitByPassword(call, ctx.headers?.get(INVITATION_HEADER) ?? null);
    if (CODES.has(call.path)) {
      call.about = call.person?.id ?? (await challenged());
      await refuseCode(limits, call, body.code);
    }
    if (call.path === "/verify-email") await needSession(ctx.query?.token);
    // Whoever changes a password wants everybody else to be out.
    if (call.path === "/change-password") return { context: { body: { ...body, revokeOtherSessions: true } } };

    /** Whose second factor is asked for: the password was right already. */
    async function challenged(): Promise<string | null> {
      const name = ctx.context.createAuthCookie(twoFactorCookie).name;
      const challenge = await ctx.getSignedCookie(name, ctx.context.secret);
      if (!challenge) return null;
      return (await ctx.context.internalAdapter.findVerificationValue(challenge))?.value ?? null;
    }

    /**
     * A link that changes an address would sign in whoever follows it: without password, second factor or session. So it
     * works for whoever is signed in as that person.
     */
    async function needSession(token: unknown): Promise<void> {
      const claims = claimsOf(token);
      if (claims.updateTo === undefined || claims.requestType === "change-email-confirmation") return;
      const session = await getSessionFromCtx(ctx);
      if (session?.user.email !== claims.email)
        throw ctx.redirect(`${new URL(ctx.context.baseURL).origin}/sign-in?error=sign_in_first`);
    }
  });
}

async function refuseCode(limits: AccountLimits, { about, path }: Call, code: unknown): Promise<void> {
  if (about === null) return;
  await limits.count("second-factor", about);
  if (path !== "/two-factor/verify-totp" || typeof code !== "string") return;
  if (await limits.isFirstUse(about, code)) return;
  throw new APIError("UNAUTHORIZED", { code: "CODE_USED", message: "Wait for the next code." });
}

function refuseMore({ allowed, retryAfterMs }: Attempt): void {
  if (allowed) return;
  const seconds = String(Math.ceil(retryAfterMs / 1000));
  throw new APIError(
    "TOO_MANY_REQUESTS",
    { code: "TOO_MANY_REQUESTS", message: "Too many attempts. Please try again later." },
    { "retry-after": seconds },
  );
}

/** Of a signed token, before its signature is judged. */
function claimsOf(token: unknown): Record<string, unknown> {
  if (typeof token !== "string") return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return isRecord(claims) ? claims : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
