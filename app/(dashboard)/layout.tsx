/** Every room is for signed-in people. The rooms themselves lead to the sign-in page, for they know where one wanted to go. */
import type { ReactNode } from "react";
import { NAMESPACE_META } from "@/lib/client/namespace";
import { PermissionsProvider } from "@/lib/client/permissions";
import { grantedByRole } from "@/lib/contract/permissions";
import { Shell } from "../_shell/shell";
import { signedInPlaces, signedInUser } from "../_shell/signed-in";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const user = await signedInUser();
  if (!user) return children;
  const here = `${user.organisation}/${user.namespace}`;
  const places = (await signedInPlaces()).map(({ organisation, namespace }) => `${organisation}/${namespace}`);
  return (
    <PermissionsProvider permissions={[...grantedByRole(user.role)]}>
      <meta name={NAMESPACE_META} content={here} />
      <Shell email={user.email} here={here} places={places.sort()}>
        {children}
      </Shell>
    </PermissionsProvider>
  );
}
