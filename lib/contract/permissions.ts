/** What each scope of a key and each role of a person may do: the one table, asked by every route, every page and the docs. */

/**
 * `read`: see everything but secrets and settings; `inbox`: see approvals; `decide`: decide them; `execute`: start and control
 * executions; `publish`: workflows, schedules and limits of queues; `work`: be a worker; `administer`: keys, namespaces,
 * members, settings, the audit log; `own`: owners among the members, and the end of the organisation.
 */
export const PERMISSIONS = ["read", "inbox", "decide", "execute", "publish", "work", "administer", "own"] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const SCOPES = ["read", "client", "deploy", "worker", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = ["owner", "admin", "member", "viewer", "approver"] as const;
export type Role = (typeof ROLES)[number];

const EVERYTHING_A_KEY_MAY = ["read", "inbox", "decide", "execute", "publish", "work", "administer"] as const;

const BY_SCOPE: Record<Scope, readonly Permission[]> = {
  read: ["read", "inbox"],
  client: ["read", "inbox", "decide", "execute"],
  deploy: ["read", "inbox", "publish"],
  worker: ["work"],
  admin: EVERYTHING_A_KEY_MAY,
};

const BY_ROLE: Record<Role, readonly Permission[]> = {
  owner: PERMISSIONS,
  admin: EVERYTHING_A_KEY_MAY,
  member: ["read", "inbox", "decide", "execute", "publish"],
  viewer: ["read", "inbox"],
  approver: ["inbox", "decide"],
};

export function isScope(value: string): value is Scope {
  return Object.hasOwn(BY_SCOPE, value);
}

export function isRole(value: string): value is Role {
  return Object.hasOwn(BY_ROLE, value);
}

export function grantedByScopes(scopes: readonly Scope[]): ReadonlySet<Permission> {
  return new Set(scopes.flatMap((scope) => BY_SCOPE[scope]));
}

export function grantedByRole(role: Role): ReadonlySet<Permission> {
  return new Set(BY_ROLE[role]);
}
