/** What validation says about a definition: the same findings in the editor, the API and the SDK. */
import { z } from "zod";

export const findingSchema = z.object({
  code: z.string().describe("Stable, SCREAMING_SNAKE: UNKNOWN_PORT, CYCLE, EXPRESSION_SYNTAX, ..."),
  severity: z.enum(["error", "warning"]),
  path: z.string().describe("JSON pointer into the definition"),
  node: z.string().optional().describe("The node's id, where the finding belongs to one"),
  message: z.string().describe("A sentence that says what to do"),
});

export type Finding = z.infer<typeof findingSchema>;
