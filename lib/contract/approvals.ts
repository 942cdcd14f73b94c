/** Approvals: what waits for a person's decision, and the decision. Each is one step's one occurrence. */
import { z } from "zod";
import { instantSchema, valueRefSchema } from "./history";

export const APPROVAL_STATUSES = ["pending", "approved", "rejected", "expired", "cancelled"] as const;
export const approvalStatusSchema = z.enum(APPROVAL_STATUSES);
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

/** By which an approval may name who decides; `anyone`: may decide whoever is named. */
export type Decider = readonly string[] | "anyone";

/** Who is named, if anybody is; whoever may decide at all where nobody is. */
export function mayDecide(assignees: readonly string[], decider: Decider): boolean {
  if (decider === "anyone" || assignees.length === 0) return true;
  const names = new Set(assigneeKeys(decider));
  return assigneeKeys(assignees).some((assignee) => names.has(assignee));
}

/** How names of assignees are compared: as e-mail addresses are, without regard to case. */
export function assigneeKeys(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

export const approvalSchema = z.object({
  id: z.string(),
  executionId: z.string(),
  workflow: z.string(),
  node: z.string(),
  iteration: z.int(),
  index: z.array(z.int()).optional(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  assignees: z.array(z.string()).describe("User ids, e-mail addresses or roles; none: whoever may control executions"),
  form: z.json().describe("JSON Schema of the answer's data, or null"),
  data: z.json().describe("Of the decision"),
  dataRef: valueRefSchema.optional().describe("Stands for data left out because the page would be too large"),
  status: approvalStatusSchema,
  requestedAt: instantSchema,
  expiresAt: instantSchema.nullable(),
  decidedAt: instantSchema.nullable().describe("When it was decided, expired or was cancelled"),
  decidedBy: z.string().nullable(),
  comment: z.string().nullable(),
  mayDecide: z.boolean().describe("Whether it waits, and whoever asks is among those who may decide it"),
});
export type Approval = z.infer<typeof approvalSchema>;

/** As it is told to everyone alike. */
export const dueApprovalSchema = approvalSchema.omit({ mayDecide: true });
export type DueApproval = z.infer<typeof dueApprovalSchema>;

export const decideApprovalSchema = z.strictObject({
  decision: z.enum(["approved", "rejected"]),
  data: z.json().optional().describe("What the form asks for"),
  comment: z.string().max(4000).optional(),
});
export type DecideApproval = z.infer<typeof decideApprovalSchema>;
