/** Who is signed in, for server components. */
import type { User } from "@/lib/auth/principal";
import { currentInstance } from "@/lib/http/current-instance";

/** The person whose session cookie the request carries, or null. Asks the database. */
export function currentUser(headers: Headers): Promise<User | null> {
  return currentInstance().people.currentUser(new Headers({ cookie: headers.get("cookie") ?? "" }));
}
