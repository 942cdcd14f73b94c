/** Namespaces of the caller's organisation. */
import { z } from "zod";
import { createNamespaceSchema, namespaceSchema } from "@/lib/contract/namespaces";
import { json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { createNamespace } from "@/lib/tenancy/create-namespace";
import { listNamespaces, readNamespace } from "@/lib/views/namespaces";
import { limitSchema, nameCursorSchema, pageSchema } from "@/lib/views/page";

const NAMESPACES = "/api/v1/namespaces" as const;

export const namespaceRoutes = [
  route({
    method: "GET",
    path: NAMESPACES,
    permission: "administer",
    summary: "The organisation's namespaces, by name",
    query: z.strictObject({ cursor: nameCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(namespaceSchema) },
    async handle({ query, principal, instance }) {
      const page = { after: query.cursor ?? "", limit: query.limit };
      return json(200, await listNamespaces(instance.reads, principal.organisationId, page));
    },
  }),
  route({
    method: "POST",
    path: NAMESPACES,
    permission: "administer",
    audit: "namespace.create",
    summary: "Adds a namespace to the organisation",
    body: createNamespaceSchema,
    answers: { 201: namespaceSchema },
    problems: ["NAME_TAKEN"],
    async handle({ body, principal, instance, audit }) {
      const made = await createNamespace(instance.services, principal, body.name, audit);
      if (!made.ok) return made;
      return json(201, await readNamespace(instance.reads, principal.organisationId, body.name));
    },
  }),
];
