/** Who did what to which thing, and what was refused. Append-only: a trigger lets nothing be changed or removed one by one. */
import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant, key } from "./columns";

export const auditLog = pgTable(
  "audit_log",
  {
    id: key("id").primaryKey(),
    organisationId: integer("organisation_id").notNull(),
    /** Null for what concerns the organisation as a whole. */
    namespaceId: integer("namespace_id"),
    at: instant("at").notNull(),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    target: text("target"),
    /** `done` or `refused`. */
    outcome: text("outcome").notNull(),
    /** The problem's code, where it was refused. */
    code: text("code"),
    /** The key or the session it was done with. */
    credential: text("credential"),
    address: text("address"),
    userAgent: text("user_agent"),
    requestId: text("request_id"),
    /** How many of the same kind this stands for: refusals come in floods. */
    count: integer("count").notNull().default(1),
    /** JSON: what was changed, without secrets and payloads. */
    details: text("details"),
  },
  (t) => [
    index("audit_log_newest").on(t.organisationId, t.id),
    index("audit_log_by_actor").on(t.organisationId, t.actor, t.id),
    index("audit_log_by_action").on(t.organisationId, t.action.op("text_pattern_ops"), t.id),
  ],
);
