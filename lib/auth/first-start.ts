/** What an empty installation gets at its first start: an administrator, an API key, and the secret that signs sessions. */
import { randomBytes } from "node:crypto";
import type { Pool } from "@/db/client";
import { addApiKey, anyApiKey } from "@/db/queries/api-keys";
import { instanceSetting, keepInstanceSetting } from "@/db/queries/instance-settings";
import { addMembership } from "@/db/queries/memberships";
import { namespaceByName } from "@/db/queries/namespaces";
import { anyUser } from "@/db/queries/people";
import { firstRow } from "@/db/queries/query";
import { API_KEY_PREFIX, hashSecret, newApiKeySecret, visiblePrefix } from "@/lib/auth/api-keys";
import { openPeople, type People, type PeopleOptions } from "@/lib/auth/people";
import { FIRST_ORGANISATION_ID } from "@/lib/auth/principal";
import type { Config } from "@/lib/config";
import { SCOPES } from "@/lib/contract/permissions";

/** To be shown once, and nowhere else; null where it was given by the environment or existed before. */
export interface MadeUp {
  admin: { email: string; password: string } | null;
  apiKey: string | null;
}

const DEFAULT_ADMIN_EMAIL = "admin@cerebelum.local";
/** Any number that nothing else locks: two processes that start at once must not both be first. */
const FIRST_START_LOCK = 7_310_585_140_003n;

export async function setUpAtFirstStart(
  options: Omit<PeopleOptions, "secret">,
  newKey: () => bigint,
): Promise<{ people: People; madeUp: MadeUp }> {
  const { db: pool, config } = options;
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [FIRST_START_LOCK]);
    await client.query(keepInstanceSetting("auth-secret", randomBytes(32).toString("base64url")));
    const secret = await firstRow(client, instanceSetting("auth-secret"));
    if (secret === null) throw new Error("the session secret was not kept");
    const people = openPeople({ ...options, secret: secret.value });
    const admin = (await firstRow(client, anyUser())) === null ? await addAdmin(pool, people, config) : null;
    const apiKey = (await firstRow(client, anyApiKey())) === null ? await addFirstKey(pool, config, newKey()) : null;
    return { people, madeUp: { admin, apiKey } };
  } finally {
    await client.query("select pg_advisory_unlock($1)", [FIRST_START_LOCK]);
    client.release();
  }
}

async function addAdmin(pool: Pool, people: People, { first }: Config): Promise<MadeUp["admin"]> {
  const email = first.adminEmail ?? DEFAULT_ADMIN_EMAIL;
  const password = first.adminPassword ?? randomBytes(15).toString("base64url");
  const id = await people.add({ email, name: "Administrator", password });
  await pool.query(addMembership(FIRST_ORGANISATION_ID, id, "owner"));
  return first.adminPassword === null ? { email, password } : null;
}

async function addFirstKey(pool: Pool, { first }: Config, id: bigint): Promise<string | null> {
  const namespace = await firstRow(pool, namespaceByName(FIRST_ORGANISATION_ID, "default"));
  if (namespace === null) throw new Error("the namespace default is missing");
  const secret = first.apiKey ?? newApiKeySecret();
  const prefix = secret.startsWith(API_KEY_PREFIX) ? visiblePrefix(secret) : secret.slice(0, 4);
  await pool.query(
    addApiKey({
      id,
      namespaceId: namespace.id,
      name: "first key",
      prefix,
      hash: hashSecret(secret),
      scopes: [...SCOPES],
    }),
  );
  return first.apiKey === null ? secret : null;
}
