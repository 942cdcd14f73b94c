/** The definition's schema as a JSON Schema, for whoever writes one as text. */
import { z } from "zod";
import { definitionSchema } from "./definition";
import type { JsonObject } from "./json";

export function definitionJsonSchema(): JsonObject {
  // It is JSON by its own standard; what zod adds to the type are symbols and getters.
  return JSON.parse(JSON.stringify(z.toJSONSchema(definitionSchema, { io: "input" })));
}
