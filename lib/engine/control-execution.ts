/** One control of one execution: the command through the door, and what it left behind or why it was refused. */
import { createHash } from "node:crypto";
import type { Queryable } from "@/db/client";
import type { Controlled } from "@/lib/contract/controls";
import type { RequestKey } from "@/lib/contract/history";
import { encodeId } from "@/lib/contract/ids";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import type { Command } from "@/lib/core/execution/commands";
import type { Caller } from "./caller";
import type { Applied, Door, Target } from "./door/door";
import { findExecution } from "./execution-ref";
import { unfit } from "./leasing/payload-fit";
import type { PayloadLimit } from "./limits/limits";
import { done, type Outcome, refused } from "./outcome";
import { refusalOf } from "./refusals";

/** Commands that callers give, each of which is known again by an idempotency key. */
export type Control = Extract<Command, { type: "cancel" | "terminate" | "pause" | "resume" | "retry" | "signal" }>;

/** What may be as large as a payload may be, beside the rest. */
interface Values {
  input?: JsonValue;
  payload?: JsonValue;
}

export interface ControlServices {
  db: Queryable;
  door: Door;
  limits?: PayloadLimit;
}

/**
 * The same call again with the same idempotency key changes nothing and is answered like the first, whatever has become of
 * the execution since; another call with it is refused as IDEMPOTENCY_CONFLICT.
 */
export async function controlExecution(
  services: ControlServices,
  caller: Caller,
  ref: string,
  control: Control,
  idempotencyKey: string | undefined,
): Promise<Outcome<Controlled>> {
  const { input = null, payload = null, ...rest } = control as Control & Values;
  const limit = services.limits?.payloadBytes(caller.namespaceId);
  const problem = unfit(input, limit) ?? unfit(payload, limit) ?? unfit(rest);
  if (problem !== null) return refused(problem.code, problem.message);
  const target = await findExecution(services, caller, ref);
  if (!target.ok) return target;
  const request = idempotencyKey === undefined ? undefined : requestKey(idempotencyKey, control);
  const applied = await services.door.apply({
    ...target.value,
    actor: caller.actor,
    command: { ...control, ...(request && { request }) },
  });
  return controlled(target.value, applied);
}

export function controlled({ executionId }: Target, applied: Applied): Outcome<Controlled> {
  const refusal = refusalOf(applied);
  if (refusal !== null) return refusal;
  if (applied.state === null) throw new Error(`a command to execution ${executionId} left no state`);
  return done({ id: encodeId("execution", executionId), status: applied.state.status });
}

/** By which the history knows a call again; short, for it is kept with every state. */
export function requestKey(idempotencyKey: string, request: unknown): RequestKey {
  return { key: shortHash(idempotencyKey), hash: shortHash(canonicalJson(request)) };
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
