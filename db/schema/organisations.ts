/** Organisations: who owns namespaces, who belongs to them with which role, and who was invited. */
import { index, integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { users } from "./auth";
import { bytes, instant, key } from "./columns";

export const organisations = pgTable("organisations", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  name: text("name").notNull().unique(),
  createdAt: instant("created_at").notNull().defaultNow(),
  /** Nobody gets in from then on; its data goes in small steps. */
  deletedAt: instant("deleted_at"),
});

export const memberships = pgTable(
  "memberships",
  {
    organisationId: integer("organisation_id")
      .notNull()
      .references(() => organisations.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text("role").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.userId] }), index("memberships_of_user").on(t.userId)],
);

export const invitations = pgTable(
  "invitations",
  {
    id: key("id").primaryKey(),
    organisationId: integer("organisation_id")
      .notNull()
      .references(() => organisations.id, { onDelete: "cascade" }),
    email: text("email").notNull(),
    role: text("role").notNull(),
    /** SHA-256 of the token in the link; the token itself is in the invited person's mail only. */
    tokenHash: bytes("token_hash").notNull(),
    invitedBy: text("invited_by").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    acceptedAt: instant("accepted_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    unique("invitations_token").on(t.tokenHash),
    index("invitations_of_organisation").on(t.organisationId, t.id),
    index("invitations_to").on(t.email),
  ],
);
