/** Who is calling: a person with all places where they work, or a key with what it may do. */
import { chooseNamespaceSchema, meSchema, whoAmISchema } from "@/lib/contract/me";
import { type Refusal, refused } from "@/lib/engine/outcome";
import { type Answer, json } from "@/lib/http/answer";
import type { Instance } from "@/lib/http/instance";
import { route } from "@/lib/http/route";
import { userIdOf } from "@/lib/tenancy/caller";
import { chooseNamespace } from "@/lib/tenancy/choose-namespace";
import { mayCreateOrganisations } from "@/lib/tenancy/create-organisation";
import { readPerson, readPlace } from "@/lib/views/me";

const ME = "/api/v1/me" as const;

export const meRoutes = [
  route({
    method: "GET",
    path: ME,
    permission: "person",
    summary: "The signed-in person: what they may do where they are, and where else they may work",
    answers: { 200: meSchema },
    handle: ({ principal, instance }) => me(instance, userIdOf(principal) ?? "", principal.namespaceId),
  }),
  route({
    method: "PUT",
    path: `${ME}/namespace`,
    permission: "person",
    summary: "Where the person works from now on, unless a call says otherwise",
    body: chooseNamespaceSchema,
    answers: { 200: meSchema },
    problems: ["NAMESPACE_NOT_FOUND"],
    async handle({ body, principal, instance }) {
      const userId = userIdOf(principal) ?? "";
      const { organisationId } = principal;
      const chosen = await chooseNamespace(instance.services, { userId, organisationId }, body.namespace);
      return chosen.ok ? me(instance, userId, chosen.value) : chosen;
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/whoami",
    permission: "anyone",
    keeps: ["queues", "workflows"],
    summary: "Whom the credential belongs to, where it works and what it may do",
    answers: { 200: whoAmISchema },
    async handle({ principal, instance }) {
      const { actor, namespaceId, permissions, limits } = principal;
      const place = await readPlace(instance.reads, namespaceId);
      return json(200, {
        actor,
        organisation: place?.organisation ?? null,
        namespace: place?.namespace ?? null,
        permissions: [...permissions],
        queues: limits?.queues ?? null,
        workflows: limits?.workflows ?? null,
      });
    },
  }),
];

async function me({ reads, config }: Instance, userId: string, namespaceId: number): Promise<Answer | Refusal> {
  const [person, mayCreate] = await Promise.all([
    readPerson(reads, userId, namespaceId),
    mayCreateOrganisations(reads, config, userId),
  ]);
  if (person === null) return refused("UNAUTHENTICATED");
  return json(200, { ...person, signUp: config.signUp, mayCreateOrganisations: mayCreate });
}
