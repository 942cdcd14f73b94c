/**
 * Lease tokens: which execution and step a task belongs to, and 59 random bits that only the holder of the lease knows.
 * The first two find the step without a search; only the last one, compared with the task's row, proves anything.
 *
 *   <execution, 13 characters>.<node ordinal[-item index…][_compensation], base 36>.<secret, 13 characters>
 */
import { createHash } from "node:crypto";
import { decodeKey, encodeKey } from "@/lib/contract/ids";
import type { StepRef } from "@/lib/core/execution/step-ref";

export interface LeaseToken {
  executionId: bigint;
  step: StepRef;
  secret: bigint;
}

export function encodeStep({ ordinal, index = [], compensation }: StepRef): string {
  const place = [ordinal, ...index].map((part) => part.toString(36)).join("-");
  return compensation === undefined ? place : `${place}_${compensation.toString(36)}`;
}

export function decodeStep(text: string): StepRef | null {
  const [place = "", compensation, ...rest] = text.split("_");
  const [ordinal, ...index] = place.split("-").map(decodeNumber);
  const nth = compensation === undefined ? undefined : decodeNumber(compensation);
  if (ordinal === undefined || nth === null || rest.length > 0 || ordinal === null || index.includes(null)) return null;
  return {
    ordinal,
    ...(index.length > 0 ? { index: index as number[] } : {}),
    ...(nth === undefined ? {} : { compensation: nth }),
  };
}

function decodeNumber(text: string): number | null {
  return /^[0-9a-z]{1,6}$/.test(text) ? Number.parseInt(text, 36) : null;
}

export function encodeLeaseToken(executionId: bigint, step: string, secret: bigint): string {
  return `${encodeKey(executionId)}.${step}.${encodeKey(secret)}`;
}

/** null for text that no lease ever had: it is answered like a dead token. */
export function decodeLeaseToken(text: string): LeaseToken | null {
  const [execution = "", stepText = "", secretText = "", ...rest] = text.split(".");
  const executionId = decodeKey(execution);
  const step = decodeStep(stepText);
  const secret = decodeKey(secretText);
  if (executionId === null || step === null || secret === null || rest.length > 0) return null;
  return { executionId, step, secret };
}

/** The short hash by which the history knows a lease: enough to tell leases of one task apart, useless as a token. */
export function leaseHash(token: string): string {
  return createHash("sha256").update(token).digest("base64url").slice(0, 10);
}
