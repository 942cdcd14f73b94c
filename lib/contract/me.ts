/** Who is calling, as the server sees it: a person with all places where they work, or a key. */
import { z } from "zod";
import { roleSchema } from "./organisations";
import { PERMISSIONS } from "./permissions";

const permissionSchema = z.enum(PERMISSIONS);

export const meSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  organisation: z.string().nullable().describe("Where they work now; null: they belong to none"),
  namespace: z.string().nullable(),
  role: roleSchema.nullable(),
  permissions: z.array(permissionSchema).describe("In that organisation"),
  organisations: z.array(z.object({ name: z.string(), role: roleSchema, namespaces: z.array(z.string()) })),
  signUp: z.enum(["open", "invitation", "closed"]),
  mayCreateOrganisations: z.boolean(),
});
export type Me = z.infer<typeof meSchema>;

export const chooseNamespaceSchema = z.strictObject({
  namespace: z
    .string()
    .min(1)
    .max(200)
    .describe("A name in the organisation where they work now, or `organisation/name`"),
});

export const whoAmISchema = z.object({
  actor: z.string().describe("`user:…` or `key:…`, as histories and the audit log name it"),
  organisation: z.string().nullable(),
  namespace: z.string().nullable(),
  permissions: z.array(permissionSchema),
  queues: z.array(z.string()).nullable().describe("Of a key limited to queues"),
  workflows: z.array(z.string()).nullable().describe("Of a key limited to workflows"),
});
