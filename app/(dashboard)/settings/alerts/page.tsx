/** Whom the namespace tells of failures. */
import type { Metadata } from "next";
import { alertTexts } from "@/lib/client/texts/limits";
import { AlertsRoom } from "../../../_settings/alerts-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: alertTexts.title };

export default async function AlertsPage() {
  await requireUser("/settings/alerts");
  return <AlertsRoom />;
}
