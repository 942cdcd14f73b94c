/** Whether somebody is invited, by the address that they proved to be theirs. */
import type { Query } from "@/db/queries/query";

export function anyOpenInvitationTo(email: string, now: Date): Query<{ id: bigint }> {
  return {
    name: "any-open-invitation-to",
    text: `select i.id from invitations i join organisations o on o.id = i.organisation_id and o.deleted_at is null
      where i.email = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2 limit 1`,
    values: [email.toLowerCase(), now],
  };
}
