/** What each scope of a key and each role of a person may do: the one table, asked by every route. */

export const PERMISSIONS = ["read", "execute", "publish", "work", "administer"] as const;
/** `execute`: start and control executions; `publish`: workflows and schedules; `work`: be a worker; `administer`: keys and settings. */
export type Permission = (typeof PERMISSIONS)[number];

export const SCOPES = ["read", "client", "deploy", "worker", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

const GRANTS: Record<Scope, readonly Permission[]> = {
  read: ["read"],
  client: ["read", "execute"],
  deploy: ["read", "publish"],
  worker: ["work"],
  admin: PERMISSIONS,
};

/** People have no roles yet: whoever can sign in is an administrator. */
export const PERSON_SCOPES: readonly Scope[] = ["admin"];

export function isScope(value: string): value is Scope {
  return Object.hasOwn(GRANTS, value);
}

export function grantedBy(scopes: readonly Scope[]): ReadonlySet<Permission> {
  return new Set(scopes.flatMap((scope) => GRANTS[scope]));
}
