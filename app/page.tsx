/** The front door leads to the executions. */
import { redirect } from "next/navigation";

export default function Home() {
  redirect("/executions");
}
