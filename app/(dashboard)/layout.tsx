/** Every room is for signed-in people: without a session all of them lead to the sign-in page. */
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { currentUser } from "@/lib/auth/session";
import { Shell } from "../_shell/shell";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const user = await currentUser(await headers());
  if (!user) redirect("/sign-in");
  return (
    <Shell email={user.email} namespace={user.namespace}>
      {children}
    </Shell>
  );
}
