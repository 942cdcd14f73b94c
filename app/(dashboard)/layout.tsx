/** Every room is for signed-in people. The rooms themselves lead to the sign-in page, for they know where one wanted to go. */
import type { ReactNode } from "react";
import { Shell } from "../_shell/shell";
import { signedInUser } from "../_shell/signed-in";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const user = await signedInUser();
  if (!user) return children;
  return (
    <Shell email={user.email} namespace={user.namespace}>
      {children}
    </Shell>
  );
}
