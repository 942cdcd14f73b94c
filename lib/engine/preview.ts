/** What a command would do, decided on a copy and thrown away. */
import { createHash } from "node:crypto";
import type { ExecutionPlan } from "@/lib/contract/controls";
import { encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import { type CommandOf, type DecideEnv, workflowKey } from "@/lib/core/execution/commands";
import { plan } from "@/lib/core/execution/plan";
import type { ExecutionState } from "@/lib/core/execution/state";
import type { Caller } from "./caller";
import { checkSchema } from "./input-schema";
import { done, type Outcome } from "./outcome";
import { refusalOf } from "./refusals";
import type { Services } from "./services";

export type PreviewServices = Pick<Services, "clock" | "db" | "door" | "graphs" | "histories">;

export interface Previewed {
  state: ExecutionState;
  command: CommandOf<"retry" | "fork">;
  /** Of the execution whose history the state was folded from. */
  executionId: bigint;
}

/** Nothing is written, and no id that shows up in it is ever used. */
export async function preview(
  { clock, graphs, histories }: PreviewServices,
  { namespaceId, actor }: Caller,
  { state, command, executionId }: Previewed,
): Promise<Outcome<ExecutionPlan>> {
  const values = new Map<string, JsonValue>();
  const workflows = new Map<string, { version: number; hash: string } | null>();
  const id = encodeId("execution", executionId);
  const env: DecideEnv = {
    now: clock.now(),
    actor,
    executionId: id,
    random: () => 0,
    ...madeUpIds(),
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    values,
    workflows,
    checkSchema,
  };
  for (;;) {
    const planned = plan(state, command, env, command.type === "fork" ? null : id);
    if (!("needs" in planned)) return refusalOf({ reply: planned.reply, state }) ?? done(planned.plan);
    const { needs } = planned;
    const loaded = await histories.values(executionId, needs.values);
    if (loaded.size < needs.values.length) throw new Error(`a large value of execution ${executionId} is missing`);
    for (const [hash, value] of loaded) values.set(hash, value);
    for (const name of needs.workflows) {
      const found = await graphs.find(namespaceId, name.workflow, name.version);
      workflows.set(workflowKey(name), found && { version: found.version, hash: found.hash });
    }
  }
}

function madeUpIds(): Pick<DecideEnv, "newTaskId" | "newApprovalId" | "newExecutionId"> {
  let key = 0n;
  return {
    newTaskId: () => encodeId("task", ++key),
    newApprovalId: () => encodeId("approval", ++key),
    newExecutionId: () => encodeId("execution", ++key),
  };
}
