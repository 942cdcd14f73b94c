// Organisations and namespaces beside the first ones, each with a key that may do everything.
import { createHash, randomBytes } from "node:crypto";
import type { QueryResultRow } from "pg";
import type { TestServer } from "./support";

export interface TestNamespace {
  id: number;
  name: string;
  key: string;
}

let keys = 1n;

/** What the tables say, whatever the API does. */
export async function sql<Row extends QueryResultRow>(
  { instance }: Pick<TestServer, "instance">,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await instance.reads.query<Row>(text, values)).rows;
}

export async function addNamespace(server: TestServer, name: string, organisation = 1): Promise<TestNamespace> {
  const [row] = await sql<{ id: number }>(
    server,
    "insert into namespaces (organisation_id, name) values ($1, $2) returning id",
    [organisation, name],
  );
  if (row === undefined) throw new Error("no namespace");
  return { id: row.id, name, key: await addKey(server, row.id, ["admin"]) };
}

export async function addKey(server: TestServer, namespaceId: number, scopes: string[]): Promise<string> {
  const secret = `test-${randomBytes(20).toString("hex")}`;
  await sql(
    server,
    `insert into api_keys (id, namespace_id, name, prefix, secret_hash, scopes, created_at)
     values ($1, $2, 'test', 'test', $3, $4, now())`,
    [keys++, namespaceId, createHash("sha256").update(secret).digest(), scopes],
  );
  return secret;
}

export async function addOrganisation(server: TestServer, name: string): Promise<number> {
  const [row] = await sql<{ id: number }>(server, "insert into organisations (name) values ($1) returning id", [name]);
  if (row === undefined) throw new Error("no organisation");
  return row.id;
}
