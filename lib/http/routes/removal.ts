/** The end of a namespace, and of an organisation: nobody gets in from then on, and what is in it goes in the background. */
import { z } from "zod";
import { refused } from "@/lib/engine/outcome";
import { deleteNamespace } from "@/lib/engine/removal/delete-namespace";
import { deleteOrganisation, NOT_ITS_NAME } from "@/lib/engine/removal/delete-organisation";
import { empty } from "@/lib/http/answer";
import { route } from "@/lib/http/route";

const confirmation = z.strictObject({
  confirm: z.string().min(1).max(200).describe("The name of what is deleted, once more"),
});

export const removalRoutes = [
  route({
    method: "DELETE",
    path: "/api/v1/namespaces/{namespace}",
    permission: "administer",
    audit: "namespace.delete",
    summary: "Deletes a namespace with everything in it; not the last one of its organisation",
    query: confirmation,
    answers: { 202: null },
    problems: ["NAMESPACE_NOT_FOUND", "NOT_DELETABLE"],
    async handle({ params, query, principal, audit, instance }) {
      if (query.confirm !== params.namespace) return refused("INVALID_REQUEST", undefined, { errors: [NOT_ITS_NAME] });
      const write = audit.within.bind(audit);
      const outcome = await deleteNamespace(instance.services, principal.organisationId, params.namespace, write);
      if (!outcome.ok) return outcome;
      instance.keys.forget();
      return empty(202);
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/organisation",
    permission: "own",
    audit: "organisation.delete",
    summary: "Deletes the caller's organisation with all its namespaces; people keep their accounts",
    query: confirmation,
    answers: { 202: null },
    problems: ["NOT_DELETABLE"],
    async handle({ query, principal, audit, instance }) {
      const write = audit.within.bind(audit);
      const outcome = await deleteOrganisation(instance.services, principal.organisationId, query.confirm, write);
      if (!outcome.ok) return outcome;
      instance.keys.forget();
      return empty(202);
    },
  }),
];
