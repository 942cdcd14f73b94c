"use client";
/** What the signed-in person may do, as the server says it: a page shows no button that would be refused. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Permission } from "@/lib/contract/permissions";

const NONE: ReadonlySet<Permission> = new Set();
const Permissions = createContext(NONE);

export function PermissionsProvider({
  permissions,
  children,
}: {
  permissions: readonly Permission[];
  children: ReactNode;
}) {
  const granted = useMemo(() => new Set(permissions), [permissions]);
  return <Permissions value={granted}>{children}</Permissions>;
}

export function usePermissions(): ReadonlySet<Permission> {
  return useContext(Permissions);
}

export function useMay(permission: Permission): boolean {
  return usePermissions().has(permission);
}
