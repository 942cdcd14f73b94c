/** Messages from one execution to another, as a row keeps them until their effect has been taken. */
import { z } from "zod";
import { errorSchema, parentSchema, valueRefSchema } from "@/lib/contract/history";
import { decodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import { continuedAt } from "@/lib/contract/traceparent";
import type { EffectOf } from "@/lib/core/execution/effects";
import type { Held } from "@/lib/core/execution/state";
import { spanIdOf } from "@/lib/tracing/traces";

/** The event that a message follows from, and its place among that event's messages: with these it happens once. */
export interface MessageKey {
  source: bigint;
  sequence: number;
  position: number;
}

export type MessageEffect = EffectOf<"start-child" | "cancel-child" | "tell-parent">;
export type MessageKind = MessageEffect["type"];

const value = { value: z.json().optional(), valueRef: valueRefSchema.optional() };

/** What each kind carries. `valueRef` is among the large values of the source. */
export const payloadSchemas = {
  "start-child": z.object({
    workflow: z.string(),
    version: z.int(),
    priority: z.int(),
    correlationId: z.string().nullable(),
    parent: parentSchema,
    trace: z.string().optional(),
    ...value,
  }),
  "cancel-child": z.object({ reason: z.string() }),
  "tell-parent": z.object({ parent: parentSchema, status: z.string(), error: errorSchema.nullable(), ...value }),
} satisfies Record<MessageKind, z.ZodType>;

export type Payload<Kind extends MessageKind> = z.infer<(typeof payloadSchemas)[Kind]>;

/**
 * Where a message goes, and what it carries.
 * @param source the id of the execution that sends it
 * @param trace of the source: what it starts goes on below the source's own span
 */
export function messageOf(
  effect: MessageEffect,
  source: string,
  trace: string | undefined,
): { kind: MessageKind; target: bigint; payload: JsonValue } {
  const { type: kind } = effect;
  switch (effect.type) {
    case "start-child": {
      const { executionId, workflow, version, input, priority, correlationId } = effect;
      const parent = { ...effect.parent, executionId: source };
      const below = trace === undefined ? {} : { trace: continuedAt(trace, spanIdOf(executionKey(source))) };
      const payload = { workflow, version, priority, correlationId, parent, ...below, ...valueFields(input) };
      return {
        kind,
        target: executionKey(executionId),
        payload: payload satisfies Payload<"start-child"> as JsonValue,
      };
    }
    case "cancel-child":
      return { kind, target: executionKey(effect.executionId), payload: { reason: effect.reason } };
    case "tell-parent": {
      const { parent, status, output, error } = effect;
      const payload = { parent, status, error, ...valueFields(output) };
      return {
        kind,
        target: executionKey(parent.executionId),
        payload: payload satisfies Payload<"tell-parent"> as JsonValue,
      };
    }
  }
}

function valueFields(held: Held | null): { value?: JsonValue; valueRef?: { hash: string; bytes: number } } {
  if (held === null) return {};
  return "json" in held ? { value: held.json } : { valueRef: held.ref };
}

/** As a flush names it where its row is gone. */
export function messageName({ source, sequence, position }: MessageKey): string {
  return `${source}:${sequence}:${position}`;
}

function executionKey(id: string): bigint {
  const key = decodeId("execution", id);
  if (key === null) throw new Error(`not an execution id: ${id}`);
  return key;
}
