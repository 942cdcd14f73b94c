/** Who did something, by the name that people know them by. */
import { z } from "zod";

export const ACTORS_MAX = 200;

export const actorSchema = z.object({
  actor: z.string().describe("As histories and lists name it: `user:…`, `key:…`, `worker:…`, `schedule:…`"),
  name: z.string().describe("Of a person the e-mail address; of the others the name they were given"),
});
export type Actor = z.infer<typeof actorSchema>;
