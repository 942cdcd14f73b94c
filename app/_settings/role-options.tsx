"use client";
/** The roles that one may give. */
import { texts } from "@/lib/client/texts";
import { ROLES } from "@/lib/contract/permissions";

export function RoleOptions({ withOwner }: { withOwner: boolean }) {
  return ROLES.filter((role) => withOwner || role !== "owner").map((role) => (
    <option key={role} value={role}>
      {texts.roles[role].name}
    </option>
  ));
}
