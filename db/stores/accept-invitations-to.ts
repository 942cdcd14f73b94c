/** Takes up every open invitation to an address: memberships and the marks that they were used are one statement. */
import type { Query } from "@/db/queries/query";

/** Of two who come at once, one gets it. Whoever belongs to an organisation already keeps their role. */
export function acceptInvitationsTo(
  email: string,
  userId: string,
  now: Date,
): Query<{ id: bigint; organisation_id: number; role: string }> {
  return {
    name: "accept-invitations-to",
    text: `with accepted as (
        update invitations i set accepted_at = $3
        from organisations o
        where i.email = $1 and o.id = i.organisation_id and o.deleted_at is null
          and i.accepted_at is null and i.revoked_at is null and i.expires_at > $3
        returning i.id, i.organisation_id, i.role),
      joined as (
        insert into memberships (organisation_id, user_id, role)
        select distinct on (organisation_id) organisation_id, $2, role from accepted order by organisation_id, id desc
        on conflict do nothing)
      select id, organisation_id, role from accepted`,
    values: [email.toLowerCase(), userId, now],
  };
}
