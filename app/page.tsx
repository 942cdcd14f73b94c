/** The front door leads to the first room that the person may enter. */
import { redirect } from "next/navigation";
import { grantedByRole } from "@/lib/contract/permissions";
import { requireUser } from "./_shell/signed-in";

export default async function Home() {
  const { role } = await requireUser("/");
  redirect(grantedByRole(role).has("read") ? "/overview" : "/approvals");
}
