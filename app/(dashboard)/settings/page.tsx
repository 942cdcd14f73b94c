/** The settings begin with what everyone has: their own profile. */
import { redirect } from "next/navigation";

export default function SettingsPage() {
  redirect("/settings/profile");
}
