/**
 * Who may make an account, whichever way they come: anyone, those who were invited, or nobody. An invitation counts for the
 * address it was sent to, and only once that address is proven: by the token of its link, or by a provider that vouches.
 */
import { APIError } from "better-auth/api";
import type { Pool } from "@/db/client";
import { anyOpenInvitationTo } from "@/db/queries/open-invitations";
import { userIdByEmail } from "@/db/queries/people";
import { firstRow } from "@/db/queries/query";
import { acceptInvitationsTo } from "@/db/stores/accept-invitations-to";
import { removeUser } from "@/db/stores/people";
import type { Call } from "@/lib/auth/people/call";
import type { Clock } from "@/lib/clock";
import type { Config } from "@/lib/config";
import { acceptInvitation, openInvitation } from "@/lib/tenancy/accept-invitation";
import { NO_NOTE } from "@/lib/tenancy/services";

export class SignUpPolicy {
  constructor(
    private readonly services: { db: Pool; clock: Clock },
    private readonly policy: Config["signUp"],
  ) {}

  /**
   * With e-mail and password, before anything is looked up: whoever is refused learns nothing about who has an account.
   * @param token of an invitation's link
   */
  async admitByPassword(call: Call, token: string | null): Promise<void> {
    if (this.policy === "closed") throw closed();
    if (this.policy === "invitation" || token !== null) await this.#proveInvitation(call, token);
    call.admitted = true;
  }

  async #proveInvitation(call: Call, token: string | null): Promise<void> {
    if (token === null || call.email === null) throw notInvited();
    const invitation = await openInvitation(this.services, token);
    if (!invitation.ok || invitation.value.email !== call.email) throw notInvited();
    // Only now: who has the link may know that the address has an account.
    if ((await firstRow(this.services.db, userIdByEmail(call.email))) !== null)
      throw new APIError("CONFLICT", { code: "USER_ALREADY_EXISTS", message: "There is an account already: sign in." });
    call.invitation = token;
  }

  /** Every account that is made comes by here. Answers whether its address is proven. */
  async admit(call: Call | null, user: { email: string; emailVerified: boolean }): Promise<{ emailVerified: boolean }> {
    // The server's own: the first administrator.
    if (call === null) return { emailVerified: user.emailVerified };
    if (this.policy === "closed") throw closed();
    if (call.path === "/sign-up/email") {
      if (!call.admitted || call.email !== user.email) throw notInvited();
      return { emailVerified: call.invitation !== null };
    }
    if (!user.emailVerified)
      throw new APIError("FORBIDDEN", {
        code: "EMAIL_NOT_VERIFIED",
        message: "The provider does not say that the e-mail address is yours.",
      });
    const open = this.policy === "open" || (await this.#isInvited(user.email));
    if (!open) throw notInvited();
    return { emailVerified: true };
  }

  /** The account was made: whoever was invited belongs to the organisation, or the account is gone again. */
  async join(call: Call | null, user: { id: string; email: string; emailVerified: boolean }): Promise<void> {
    if (call === null) return;
    if (await this.#joined(call, user)) return;
    await this.services.db.query(removeUser(user.id));
    call.made = null;
    throw notInvited();
  }

  async #joined(call: Call, user: { id: string; email: string; emailVerified: boolean }): Promise<boolean> {
    if (call.invitation !== null) return (await acceptInvitation(this.services, user, call.invitation, NO_NOTE)).ok;
    if (!user.emailVerified) return this.policy === "open";
    const now = new Date(this.services.clock.now());
    const { rows } = await this.services.db.query(acceptInvitationsTo(user.email, user.id, now));
    return rows.length > 0 || this.policy === "open";
  }

  async #isInvited(email: string): Promise<boolean> {
    return (await firstRow(this.services.db, anyOpenInvitationTo(email, new Date(this.services.clock.now())))) !== null;
  }
}

function closed(): APIError {
  return new APIError("FORBIDDEN", { code: "SIGN_UP_CLOSED", message: "Nobody can make an account here." });
}

function notInvited(): APIError {
  return new APIError("FORBIDDEN", {
    code: "SIGN_UP_BY_INVITATION",
    message: "An account needs an invitation that is open and was sent to this e-mail address.",
  });
}
