/** Checkpoints as a worker sends them: judged by themselves, and by the room that their step has left for them. */
import { isStorableText } from "@/lib/contract/json";
import { CHECKPOINT_BYTES_A_STEP, CHECKPOINTS_A_STEP } from "@/lib/contract/limits";
import { type Checkpoint, checkpointsSchema } from "@/lib/contract/workers";
import type { Held, StepState } from "@/lib/core/execution/state";
import type { StepRef } from "@/lib/core/execution/step-ref";
import { jsonBytes, type Unfit, unfit } from "./payload-fit";

type Noted = StepState["checkpoints"];

/** All of them, or why none can be kept: half of what a handler noted down would tell its next attempt a lie. */
export function judgeCheckpoints(sent: unknown, step: StepRef, limit?: number): Checkpoint[] | Unfit {
  if (sent === undefined) return [];
  const shape = checkpointsSchema.safeParse(sent);
  if (!shape.success) {
    const [issue] = shape.error.issues;
    return {
      code: "INVALID_REQUEST",
      message: `The checkpoints are malformed at /${issue?.path.join("/")}: ${issue?.message}`,
    };
  }
  if (shape.data.length > 0 && step.compensation !== undefined)
    return { code: "INVALID_REQUEST", message: "A compensation has no checkpoints: its attempts are short and whole." };
  return shape.data.map((one) => unfitCheckpoint(one, limit)).find((problem) => problem !== null) ?? shape.data;
}

/** Why the step cannot take these too, or null. What it has already under their names costs nothing. */
export function roomFor(noted: Noted, checkpoints: readonly Checkpoint[]): Unfit | null {
  const names = new Set(noted.map(({ name }) => name));
  const added = new Map(checkpoints.filter(({ name }) => !names.has(name)).map(({ name, value }) => [name, value]));
  if (added.size === 0) return null;
  if (names.size + added.size > CHECKPOINTS_A_STEP)
    return { code: "TOO_MANY_CHECKPOINTS", message: `A step may have ${CHECKPOINTS_A_STEP} checkpoints.` };
  const held = noted.reduce((sum, { value }) => sum + heldBytes(value), 0);
  const more = [...added.values()].reduce<number>((sum, value) => sum + jsonBytes(value), 0);
  if (held + more > CHECKPOINT_BYTES_A_STEP)
    return {
      code: "TOO_MANY_CHECKPOINTS",
      message: `The checkpoints of a step may have ${CHECKPOINT_BYTES_A_STEP} bytes of JSON together.`,
    };
  return null;
}

function unfitCheckpoint({ name, value }: Checkpoint, limit: number | undefined): Unfit | null {
  if (!isStorableText(name)) return { code: "INVALID_TEXT", message: "A checkpoint's name may contain no NUL." };
  return unfit(value, limit);
}

function heldBytes(held: Held): number {
  return "ref" in held ? held.ref.bytes : jsonBytes(held.json);
}
