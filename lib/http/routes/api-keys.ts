/** API keys: made, listed, rotated and revoked by whoever administers the organisation. */
import { z } from "zod";
import {
  apiKeyMadeSchema,
  apiKeySchema,
  createApiKeySchema,
  OVERLAP_DEFAULT_MS,
  rotateApiKeySchema,
} from "@/lib/contract/api-keys";
import { namespaceNameSchema } from "@/lib/contract/namespaces";
import { type Answer, empty, json } from "@/lib/http/answer";
import type { Instance } from "@/lib/http/instance";
import { route } from "@/lib/http/route";
import { createApiKey, type MadeApiKey } from "@/lib/tenancy/create-api-key";
import { namespaceOf } from "@/lib/tenancy/namespace-of";
import { revokeApiKey } from "@/lib/tenancy/revoke-api-key";
import { rotateApiKey } from "@/lib/tenancy/rotate-api-key";
import { listApiKeys, readApiKey } from "@/lib/views/api-keys";
import { keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";

const API_KEYS = "/api/v1/api-keys" as const;

export const apiKeyRoutes = [
  route({
    method: "POST",
    path: API_KEYS,
    permission: "administer",
    audit: "api_key.create",
    summary: "Makes a key; this answer alone holds its secret",
    body: createApiKeySchema,
    answers: { 201: apiKeyMadeSchema },
    problems: ["NAMESPACE_NOT_FOUND"],
    async handle({ body, principal, instance, audit }) {
      const made = await createApiKey(instance.services, principal, body, audit);
      return made.ok ? shown(instance, principal.organisationId, made.value) : made;
    },
  }),
  route({
    method: "GET",
    path: API_KEYS,
    permission: "administer",
    summary: "The keys of a namespace, newest first; revoked and expired ones, too",
    query: z.strictObject({
      namespace: namespaceNameSchema.optional().describe("Of the caller's organisation; default: the caller's own"),
      cursor: keyCursorSchema.optional(),
      limit: limitSchema,
    }),
    answers: { 200: pageSchema(apiKeySchema) },
    problems: ["NAMESPACE_NOT_FOUND"],
    async handle({ query, principal, instance }) {
      const namespace = await namespaceOf(instance.reads, principal, query.namespace);
      if (!namespace.ok) return namespace;
      const page = { before: query.cursor ?? null, limit: query.limit };
      return json(200, await listApiKeys(instance.reads, namespace.value.id, page));
    },
  }),
  route({
    method: "POST",
    path: `${API_KEYS}/{apiKey}/rotate`,
    permission: "administer",
    audit: "api_key.rotate",
    summary: "A new key with the same rights and limits; the old one works until the overlap is over",
    body: rotateApiKeySchema,
    answers: { 201: apiKeyMadeSchema },
    problems: ["API_KEY_NOT_FOUND", "API_KEY_CLOSED"],
    async handle({ params, body, principal, instance, audit }) {
      const overlapMs = body.overlapMs ?? OVERLAP_DEFAULT_MS;
      const made = await rotateApiKey(instance.services, principal, params.apiKey, overlapMs, audit);
      if (!made.ok) return made;
      instance.keys.forget();
      return shown(instance, principal.organisationId, made.value);
    },
  }),
  route({
    method: "DELETE",
    path: `${API_KEYS}/{apiKey}`,
    permission: "administer",
    audit: "api_key.revoke",
    summary: "Revokes a key: in this process at once, in others within five seconds",
    answers: { 204: null },
    problems: ["API_KEY_NOT_FOUND"],
    async handle({ params, principal, instance, audit }) {
      const outcome = await revokeApiKey(instance.services, principal, params.apiKey, audit);
      if (!outcome.ok) return outcome;
      instance.keys.forget();
      return empty(204);
    },
  }),
];

async function shown({ reads }: Instance, organisationId: number, { id, secret }: MadeApiKey): Promise<Answer> {
  return json(201, { ...(await readApiKey(reads, organisationId, id)), secret });
}
