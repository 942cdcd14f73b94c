/** Signing in and out, by the session endpoints of better-auth. */

export type SignInOutcome = "ok" | "wrong" | "too-many" | "unreachable" | "failed";

/** Sets the session cookie on `ok`. Says nothing about which of the two was wrong. */
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  const response = await post("/api/auth/sign-in/email", { email, password }).catch(() => null);
  if (response === null) return "unreachable";
  if (response.ok) return "ok";
  if (response.status === 429) return "too-many";
  return response.status === 400 || response.status === 401 || response.status === 403 ? "wrong" : "failed";
}

export async function signOut(): Promise<void> {
  const response = await post("/api/auth/sign-out", {});
  if (!response.ok) throw new Error(`signing out was answered ${response.status}`);
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}
