"use client";
/** What the signed-in person may do, as the server says it: a page shows no button that would be refused. */
import { createContext, type ReactNode, useContext } from "react";
import type { Permission } from "@/lib/contract/permissions";

const Permissions = createContext<readonly Permission[]>([]);

export function PermissionsProvider({
  permissions,
  children,
}: {
  permissions: readonly Permission[];
  children: ReactNode;
}) {
  return <Permissions value={permissions}>{children}</Permissions>;
}

export function useMay(permission: Permission): boolean {
  return useContext(Permissions).includes(permission);
}
