/** Accounts, as far as the server itself changes them; the rest is better-auth's. */
import type { Query } from "@/db/queries/query";

/** With sessions, ways to sign in and memberships. */
export function removeUser(id: string): Query<never> {
  return { name: "remove-user", text: "delete from users where id = $1", values: [id] };
}

/** Links to choose a password, half-done second factors, devices that need none: whatever a new password puts an end to. */
export function forgetVerificationsOf(userId: string): Query<never> {
  return { name: "forget-verifications-of", text: "delete from verifications where value = $1", values: [userId] };
}
