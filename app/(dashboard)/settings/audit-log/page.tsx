/** Who did what, and what was refused. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { AuditRoom } from "../../../_settings/audit-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: texts.settings.tabs.audit };

export default async function AuditPage() {
  await requireUser("/settings/audit-log");
  return <AuditRoom />;
}
