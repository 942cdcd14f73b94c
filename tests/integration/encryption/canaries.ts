// Looks for a word in every column of every table of a database, as whoever steals its disk would.
import { randomBytes } from "node:crypto";
import type { Queryable } from "@/db/client";
import { type MasterKeys, parseMasterKeys } from "@/lib/engine/encryption/master-keys";

/** Names of the tables where a row has it somewhere, in text, in JSON, or in bytes. */
export async function tablesWith(db: Queryable, word: string): Promise<string[]> {
  const { rows: tables } = await db.query<{ name: string; bytes: string[] }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       array(select quote_ident(attname) from pg_attribute where attrelid = c.oid and attnum > 0 and atttypid = 'bytea'::regtype) as bytes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'drizzle')`,
  );
  const found: string[] = [];
  for (const { name, bytes } of tables) {
    const places = ["t::text", ...bytes.map((column) => `encode(${column}, 'escape')`)];
    const { rows } = await db.query(
      `select from ${name} t where ${places.map((place) => `${place} like $1`).join(" or ")} limit 1`,
      [`%${word}%`],
    );
    if (rows.length > 0) found.push(name.replace(/^public\./, "").replace(/^events_\w+$/, "events"));
  }
  return [...new Set(found)].sort();
}

/** As it stands in the environment. */
export function newKey(id: string): string {
  return `${id}:${randomBytes(32).toString("base64")}`;
}

export function mastersOf(...keys: string[]): MasterKeys {
  const masters = parseMasterKeys(keys.join(","));
  if (masters === null) throw new Error("no keys");
  return masters;
}
