/** Names for those who did something, so that pages say who and not only an id. */
import { z } from "zod";
import { ACTORS_MAX, actorSchema } from "@/lib/contract/actors";
import { json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { namesOfActors } from "@/lib/views/actors";

const actorsSchema = z
  .string()
  .max(ACTORS_MAX * 100)
  .transform((text) => [...new Set(text.split(","))])
  .pipe(z.array(z.string()).max(ACTORS_MAX))
  .describe(`Up to ${ACTORS_MAX}, with commas between them`);

export const actorRoutes = [
  route({
    method: "GET",
    path: "/api/v1/actors",
    permission: "inbox",
    summary:
      "Names of people, keys, workers and schedules by the actors that histories name; unknown ones are left out",
    query: z.strictObject({ actors: actorsSchema }),
    answers: { 200: z.object({ items: z.array(actorSchema) }) },
    async handle({ query, principal, instance }) {
      const { organisationId, namespaceId, permissions } = principal;
      const reach = { organisationId, namespaceId, seesAll: permissions.has("read") };
      return json(200, { items: await namesOfActors(instance.reads, reach, query.actors) });
    },
  }),
];
