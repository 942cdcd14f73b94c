/** Organisations and what is in them: made and renamed, their namespaces, their members' roles. */
import type { Queryable } from "../client";

/** Null where the name is taken. */
export async function insertOrganisation(db: Queryable, name: string): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>({
    name: "insert-organisation",
    text: "insert into organisations (name) values ($1) on conflict (name) do nothing returning id",
    values: [name],
  });
  return rows[0]?.id ?? null;
}

/** False where another one has the name: then the transaction that this is part of comes to nothing. */
export async function renameOrganisation(db: Queryable, id: number, name: string): Promise<boolean> {
  try {
    await db.query({
      name: "rename-organisation",
      text: "update organisations set name = $2 where id = $1",
      values: [id, name],
    });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

const UNIQUE_VIOLATION = "23505";

/** False where the organisation has one of that name. */
export async function insertNamespace(db: Queryable, organisationId: number, name: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "insert-namespace",
    text: `insert into namespaces (organisation_id, name) values ($1, $2)
      on conflict (organisation_id, name) do nothing`,
    values: [organisationId, name],
  });
  return rowCount === 1;
}

export async function setRole(db: Queryable, organisationId: number, userId: string, role: string): Promise<void> {
  await db.query({
    name: "set-role",
    text: "update memberships set role = $3 where organisation_id = $1 and user_id = $2",
    values: [organisationId, userId, role],
  });
}

export async function deleteMembership(db: Queryable, organisationId: number, userId: string): Promise<void> {
  await db.query({
    name: "delete-membership",
    text: "delete from memberships where organisation_id = $1 and user_id = $2",
    values: [organisationId, userId],
  });
}

/** Where the person works from now on unless a call says otherwise. */
export async function setActiveNamespace(db: Queryable, userId: string, namespaceId: number): Promise<void> {
  await db.query({
    name: "set-active-namespace",
    text: "update users set active_namespace_id = $2 where id = $1",
    values: [userId, namespaceId],
  });
}
