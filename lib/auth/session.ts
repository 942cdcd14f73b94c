/** Who is signed in, for server components. */
import type { User } from "@/lib/auth/principal";
import { userIn } from "@/lib/auth/where-people-work";
import { currentInstance } from "@/lib/http/current-instance";

/** The person whose session cookie the request carries, in their active namespace; null for nobody. Asks the database. */
export async function currentUser(headers: Headers): Promise<User | null> {
  const { people, reads } = currentInstance();
  const person = await people.currentPerson(new Headers({ cookie: headers.get("cookie") ?? "" }));
  return person && userIn(reads, person);
}
