/** Who is signed in, and where they may work, for server components. */
import type { Person } from "@/lib/auth/principal";
import { placesOf as readPlaces } from "@/lib/auth/where-people-work";
import { currentInstance } from "@/lib/http/current-instance";

export { userAt } from "@/lib/auth/where-people-work";

/** The person whose session cookie the request carries, or null. Asks the database. */
export function currentPerson(headers: Headers): Promise<Person | null> {
  return currentInstance().people.currentPerson(new Headers({ cookie: headers.get("cookie") ?? "" }));
}

export function placesOf(person: Person) {
  return readPlaces(currentInstance().reads, person);
}
