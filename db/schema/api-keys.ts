/** API keys: only a hash of each secret, and a prefix by which people recognise it. */
import { index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { bytes, instant, key } from "./columns";
import { namespaces } from "./namespaces";

export const apiKeys = pgTable(
  "api_keys",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id")
      .notNull()
      .references(() => namespaces.id),
    name: text("name").notNull(),
    prefix: text("prefix").notNull(),
    secretHash: bytes("secret_hash").notNull(),
    scopes: text("scopes").array().notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    createdBy: text("created_by"),
    /** It is refused from then on; the row stays, so that who still tries it can be named. */
    revokedAt: instant("revoked_at"),
    /** Where set, it works for these queues, or on these workflows, alone. */
    queues: text("queues").array(),
    workflows: text("workflows").array(),
    /** The key that it took the place of. */
    replaces: key("replaces"),
  },
  (t) => [unique("api_keys_secret").on(t.secretHash), index("api_keys_of_namespace").on(t.namespaceId, t.id)],
);
