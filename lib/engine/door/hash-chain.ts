/**
 * The hash chain over a history: head₀ comes from the execution's id, head_n is SHA-256(head_{n-1} ‖ canonical text of
 * event n). Whoever changes, drops or inserts an event afterwards has to change every head after it.
 */
import { createHash } from "node:crypto";
import type { HistoryEvent } from "@/lib/contract/history";
import { encodeId } from "@/lib/contract/ids";
import { canonicalEvent } from "@/lib/core/execution/canonical-event";
import { firstLinkText } from "@/lib/core/execution/chain-texts";

export function firstHead(executionId: bigint): Buffer {
  return createHash("sha256")
    .update(firstLinkText(encodeId("execution", executionId)))
    .digest();
}

export function nextHead(head: Buffer, event: HistoryEvent): Buffer {
  return createHash("sha256").update(head).update(canonicalEvent(event)).digest();
}
