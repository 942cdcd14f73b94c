/** What people do with their own account, by the endpoints of better-auth: every call says how it ended, none throws. */

export type Ended<T = null> =
  | { ok: true; value: T }
  /** `code` as the server gave it, in upper case; `null` where no server answered. */
  | { ok: false; status: number; code: string | null };

/** Asked for a code of the second factor before the session begins. */
export type SignedIn = "signed-in" | "second-factor";

export async function signIn(email: string, password: string): Promise<Ended<SignedIn>> {
  const ended = await post<{ twoFactorRedirect?: boolean }>("/sign-in/email", { email, password });
  return ended.ok ? { ok: true, value: ended.value.twoFactorRedirect ? "second-factor" : "signed-in" } : ended;
}

/** @param kind `code` from the app, or one of the codes kept for when it is lost */
export function giveSecondFactor(kind: "code" | "backup", code: string): Promise<Ended<unknown>> {
  return post(kind === "code" ? "/two-factor/verify-totp" : "/two-factor/verify-backup-code", { code });
}

export async function signOut(): Promise<void> {
  const ended = await post("/sign-out", {});
  if (!ended.ok) throw new Error(`signing out was answered ${ended.status}`);
}

/** @param invitation the token of the link, where there was one */
export function signUp(
  person: { name: string; email: string; password: string },
  invitation: string | null,
): Promise<Ended<{ token: string | null }>> {
  return post("/sign-up/email", person, invitation === null ? {} : { "x-cerebelum-invitation": invitation });
}

/** Answers with where to send the browser. */
export async function signInAt(provider: { id: string }, callbackURL: string): Promise<Ended<string>> {
  const ended = await post<{ url: string }>("/sign-in/social", { provider: provider.id, callbackURL });
  return ended.ok ? { ok: true, value: ended.value.url } : ended;
}

/** Says nothing about whether there is such an account. */
export function requestPasswordReset(email: string): Promise<Ended<unknown>> {
  return post("/request-password-reset", { email, redirectTo: "/reset-password" });
}

export function resetPassword(token: string, newPassword: string): Promise<Ended<unknown>> {
  return post("/reset-password", { token, newPassword });
}

export function changePassword(currentPassword: string, newPassword: string): Promise<Ended<unknown>> {
  return post("/change-password", { currentPassword, newPassword, revokeOtherSessions: true });
}

export function changeName(name: string): Promise<Ended<unknown>> {
  return post("/update-user", { name });
}

export function changeEmail(newEmail: string): Promise<Ended<unknown>> {
  return post("/change-email", { newEmail, callbackURL: "/settings/profile" });
}

export interface Session {
  id: string;
  token: string;
  createdAt: string;
  updatedAt: string;
  ipAddress?: string | null;
  userAgent?: string | null;
}

export async function listSessions(): Promise<Session[]> {
  const response = await fetch("/api/auth/list-sessions");
  if (!response.ok) throw new Error(`the list of sessions was answered ${response.status}`);
  return (await response.json()) as Session[];
}

/** Whether signing in asks for a code. */
export async function hasSecondFactor(): Promise<boolean> {
  const response = await fetch("/api/auth/get-session");
  if (!response.ok) throw new Error(`the session was answered ${response.status}`);
  const answer = (await response.json()) as { user?: { twoFactorEnabled?: boolean | null } } | null;
  return answer?.user?.twoFactorEnabled === true;
}

export function endSession(token: string): Promise<Ended<unknown>> {
  return post("/revoke-session", { token });
}

export function endOtherSessions(): Promise<Ended<unknown>> {
  return post("/revoke-other-sessions", {});
}

export function beginSecondFactor(password: string): Promise<Ended<{ totpURI: string; backupCodes: string[] }>> {
  return post("/two-factor/enable", { password });
}

export function endSecondFactor(password: string): Promise<Ended<unknown>> {
  return post("/two-factor/disable", { password });
}

async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Ended<T>> {
  const response = await fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (response === null) return { ok: false, status: 0, code: null };
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return { ok: true, value: answer as T };
  const code = typeof answer === "object" && answer !== null && "code" in answer ? String(answer.code) : null;
  return { ok: false, status: response.status, code };
}
