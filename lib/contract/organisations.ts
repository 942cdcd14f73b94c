/** Organisations over the API: what they are called, who belongs to them with which role, and who was invited. */
import { z } from "zod";
import { instantSchema } from "./history";
import { namespaceNameSchema } from "./namespaces";
import { ROLES } from "./permissions";

/** An invitation can be accepted for this long unless it says otherwise. */
export const INVITATION_DEFAULT_MS = 7 * 86_400_000;
export const INVITATION_MAX_MS = 90 * 86_400_000;

export const organisationNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be 1 to 63 lower-case letters, digits or hyphens, and neither begin nor end with a hyphen",
  );

/** What each may do is said in the table of roles. */
export const roleSchema = z.enum(ROLES);

const emailSchema = z.email().max(320);

export const createOrganisationSchema = z.strictObject({
  name: organisationNameSchema,
  namespaces: z.array(namespaceNameSchema).max(20).optional().describe("Besides `default`"),
});
export type CreateOrganisation = z.infer<typeof createOrganisationSchema>;

export const renameOrganisationSchema = z.strictObject({ name: organisationNameSchema });

export const organisationSchema = z.object({
  name: z.string(),
  createdAt: instantSchema,
});
export type Organisation = z.infer<typeof organisationSchema>;

export const ownOrganisationSchema = organisationSchema.extend({ role: roleSchema.describe("The caller's own") });
export type OwnOrganisation = z.infer<typeof ownOrganisationSchema>;

export const memberSchema = z.object({
  user: z.string().describe("The person's id, as in `user:…` of actors"),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  joinedAt: instantSchema,
});
export type Member = z.infer<typeof memberSchema>;

export const changeMemberSchema = z.strictObject({ role: roleSchema });

export const transferSchema = z.strictObject({
  user: z.string().min(1).max(100).describe("The id of the member who becomes an owner; the caller becomes an admin"),
});

export const invitationStatusSchema = z.enum(["open", "accepted", "revoked", "expired"]);

/** @param now epoch milliseconds */
export function invitationStatus(
  { acceptedAt, revokedAt, expiresAt }: { acceptedAt: Date | null; revokedAt: Date | null; expiresAt: Date },
  now: number,
): z.infer<typeof invitationStatusSchema> {
  if (acceptedAt !== null) return "accepted";
  if (revokedAt !== null) return "revoked";
  return expiresAt.getTime() <= now ? "expired" : "open";
}

export const createInvitationSchema = z.strictObject({
  email: emailSchema,
  role: roleSchema,
  expiresInMs: z.int().min(60_000).max(INVITATION_MAX_MS).optional().describe("Default 7 days, at most 90"),
});
export type CreateInvitation = z.infer<typeof createInvitationSchema>;

export const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: roleSchema,
  status: invitationStatusSchema,
  invitedBy: z.string().describe("`user:…` or `key:…`"),
  createdAt: instantSchema,
  expiresAt: instantSchema,
});
export type Invitation = z.infer<typeof invitationSchema>;

export const invitationMadeSchema = invitationSchema.extend({
  token: z.string().describe("What accepts it; in this answer and in the mail only"),
  link: z.string().describe("Where the invited person accepts it"),
});
export type InvitationMade = z.infer<typeof invitationMadeSchema>;

export const acceptInvitationSchema = z.strictObject({ token: z.string().min(1).max(200) });

export const joinedSchema = z.object({ organisation: z.string(), role: roleSchema });
export type Joined = z.infer<typeof joinedSchema>;
