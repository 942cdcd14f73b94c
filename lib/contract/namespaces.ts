/** Namespaces over the API: the parts of an organisation that see nothing of each other. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { instantSchema } from "./history";

export const namespaceNameSchema = nameSchema.max(63);

export const createNamespaceSchema = z.strictObject({
  name: namespaceNameSchema.describe("Unique in the organisation; at most 63 characters"),
});

export const namespaceSchema = z.object({ name: z.string(), createdAt: instantSchema });
export type Namespace = z.infer<typeof namespaceSchema>;
