/** Who did what, and what was refused. */
import type { Metadata } from "next";
import { peopleTexts } from "@/lib/client/texts/people";
import { AuditRoom } from "../../../_settings/audit-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: peopleTexts.settings.tabs.audit };

export default async function AuditPage() {
  await requireUser("/settings/audit-log");
  return <AuditRoom />;
}
