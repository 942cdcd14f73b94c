/** Workflows to begin with: whole, commented, and without anything that the validator would say. */
import { approvalWithDeadline } from "./approval-with-deadline";
import { fanOut } from "./fan-out";
import { onboarding } from "./onboarding";
import { order } from "./order";
import { pollJob } from "./poll-job";
import { reminders } from "./reminders";
import type { Template } from "./template";

export type { Template } from "./template";

export const TEMPLATES: readonly Template[] = [onboarding, order, approvalWithDeadline, pollJob, fanOut, reminders];

export function templateOf(id: string | null): Template | null {
  return TEMPLATES.find((template) => template.id === id) ?? null;
}
