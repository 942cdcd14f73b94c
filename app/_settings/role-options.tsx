"use client";
/** The roles that one may give. */
import { peopleTexts } from "@/lib/client/texts/people";
import { ROLES } from "@/lib/contract/permissions";

export function RoleOptions({ withOwner }: { withOwner: boolean }) {
  return ROLES.filter((role) => withOwner || role !== "owner").map((role) => (
    <option key={role} value={role}>
      {peopleTexts.roles[role].name}
    </option>
  ));
}
