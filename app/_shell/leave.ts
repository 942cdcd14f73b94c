/** Signs out: a full load of the sign-in page, so that nothing of the session is left on screen. */
import { signOut } from "@/lib/client/people";
import { texts } from "@/lib/client/texts";
import { toast } from "../_ui/toast";

export function leave(): void {
  signOut().then(
    () => window.location.assign("/sign-in"),
    () => toast.failed(texts.errors.title),
  );
}
