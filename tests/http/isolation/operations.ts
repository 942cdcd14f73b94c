// What the API's description says can be called, and who may call it by the contract: two sources that must agree.
import type { Permission } from "@/lib/contract/permissions";

export type Right = Permission | "public" | "person" | "anyone";

export interface Operation {
  /** `METHOD /path/{template}`. */
  name: string;
  method: string;
  path: string;
  /** What the description says it needs. */
  described: Right;
  /** Names in the path, in order. */
  params: string[];
  /** Names of its query's parameters, with what each may be where the description lists it. */
  query: { name: string; values: string[] }[];
  /** JSON Schema of its body; null where it takes none. */
  body: Schema | null;
}

/** The little of JSON Schema that bodies are made from. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  minLength?: number;
  minimum?: number;
  format?: string;
}

export interface OpenApi {
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, Schema> };
}

interface DescribedOperation {
  "x-cerebelum-permission"?: Right;
  parameters: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: { "application/json": { schema: Schema } } };
}

export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      described: described["x-cerebelum-permission"] ?? "public",
      params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
      query: described.parameters
        .filter((parameter) => parameter.in === "query")
        .map(({ name, schema }) => ({ name, values: (schema.enum ?? []).map(String) })),
      body: described.requestBody?.content["application/json"].schema ?? null,
    })),
  );
}

/** Anybody may call these. A route that lost its permission is not among them. */
const PUBLIC = new Set(["GET /healthz", "GET /readyz", "GET /metrics", "GET /api/v1/openapi.json"]);

/** By the first part of a path: what reading needs, what changing needs. */
const BY_PART: Record<string, readonly [reads: Right, changes: Right]> = {
  workflows: ["read", "publish"],
  drafts: ["read", "publish"],
  executions: ["read", "execute"],
  operations: ["read", "execute"],
  approvals: ["inbox", "decide"],
  actors: ["inbox", "inbox"],
  changes: ["inbox", "inbox"],
  "dead-letters": ["read", "execute"],
  schedules: ["read", "publish"],
  queues: ["read", "publish"],
  workers: ["read", "work"],
  tasks: ["read", "work"],
  "api-keys": ["administer", "administer"],
  namespaces: ["administer", "administer"],
  organisation: ["administer", "administer"],
  members: ["administer", "administer"],
  invitations: ["administer", "administer"],
  "audit-log": ["administer", "administer"],
  alerts: ["administer", "administer"],
  overview: ["read", "read"],
  stats: ["read", "read"],
  // Whose they are, and who may look into their room, is judged inside.
  "saved-views": ["person", "person"],
};

/** Operations whose right does not follow from their path and method. */
const BY_NAME: Record<string, Right> = {
  "GET /api/v1/me": "person",
  "PUT /api/v1/me/namespace": "person",
  "GET /api/v1/whoami": "anyone",
  "GET /api/v1/organisations": "person",
  "POST /api/v1/organisations": "person",
  "POST /api/v1/organisation/transfer": "own",
  "DELETE /api/v1/organisation": "own",
  "POST /api/v1/invitations/accept": "person",
  // Whoever is a member may leave; removing others is refused inside.
  "DELETE /api/v1/members/{user}": "anyone",
  "GET /api/v1/signing-keys": "read",
  "POST /api/v1/signing-keys/rotate": "own",
};

/** @returns null where the contract, as it is written down here, says nothing of such an operation */
export function rightByContract({ name, method, path }: Pick<Operation, "name" | "method" | "path">): Right | null {
  if (PUBLIC.has(name)) return "public";
  const special = BY_NAME[name];
  if (special !== undefined) return special;
  const rights = BY_PART[path.split("/")[3] ?? ""];
  return rights?.[method === "GET" ? 0 : 1] ?? null;
}

/** The smallest value that fits, as far as a schema alone tells. */
export function smallest(schema: Schema, document: OpenApi): unknown {
  if (schema.$ref !== undefined) {
    const named = document.components.schemas[schema.$ref.split("/").at(-1) ?? ""];
    return named === undefined ? null : smallest(named, document);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const branch = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (branch !== undefined) return smallest(branch, document);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => smallest(part, document)));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, smallest(schema.properties?.[name] ?? {}, document)]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => smallest(schema.items ?? {}, document));
    case "string":
      return smallestText(schema);
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return false;
    default:
      return null;
  }
}

function smallestText({ format, minLength = 1 }: Schema): string {
  if (format === "email") return "walker@example.com";
  if (format === "date-time") return "2026-01-01T00:00:00.000Z";
  if (format === "uri") return "https://example.com/walk";
  return "walk".padEnd(minLength, "k");
}
