/** Signed ends of histories, and the keys that they can be checked with; old public keys stay for ever. */
import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, instant, key } from "./columns";

export const historySignatures = pgTable(
  "history_signatures",
  {
    executionId: key("execution_id").notNull(),
    /** Of the event that closed it. One that is retried is closed, and signed, again. */
    sequence: integer("sequence").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    keyId: text("key_id").notNull(),
    head: bytes("head").notNull(),
    /** Ed25519. */
    signature: bytes("signature").notNull(),
  },
  (t) => [primaryKey({ columns: [t.executionId, t.sequence] })],
);

export const signingKeys = pgTable("signing_keys", {
  /** The beginning of the public key's SHA-256. */
  id: text("id").primaryKey(),
  publicKey: bytes("public_key").notNull(),
  /** Where no key came from the environment: made at the first start. */
  privateKey: bytes("private_key"),
  createdAt: instant("created_at").notNull(),
  retiredAt: instant("retired_at"),
});
