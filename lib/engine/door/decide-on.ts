/** Deciding on a state that is at hand, loading what deciding asks for, for as long as it asks for more. */
import { encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import { type DecideEnv, workflowKey } from "@/lib/core/execution/commands";
import { openLists } from "@/lib/core/execution/open-lists";
import { checkSchema } from "../input-schema";
import { NoSlot } from "../process/keys";
import type { DoorDependencies } from "./dependencies";
import { type Draft, type DraftInput, draft, type Needs } from "./draft";
import { UnreadableHistory, unfoldable } from "./event-store";
import type { Folded } from "./folded";
import type { States } from "./states";

/** Deciding threw: a bug of ours, met by this execution alone, so it must not stop the others of its flush. */
export class Undecidable extends Error {
  override name = "Undecidable";
}

export type SharedEnv = Omit<DecideEnv, "sha256" | "actor">;

interface Loaded {
  values: Map<string, JsonValue>;
  workflows: Map<string, { version: number; hash: string } | null>;
}

/**
 * @param valuesOf whose large values `before` refers to; of a fork it is its source, as long as it is not written
 * Throws {@link Undecidable}, or what the database throws.
 */
export async function decideOn(
  deps: Pick<DoorDependencies, "clock" | "random" | "nextKey" | "graphs">,
  states: States,
  before: Folded,
  inputs: (env: SharedEnv) => DraftInput[],
  valuesOf = before.id,
): Promise<Draft> {
  const { nextKey } = deps;
  const loaded: Loaded = { values: states.heldValues(openLists(before.state)), workflows: new Map() };
  for (;;) {
    const env: SharedEnv = {
      now: deps.clock.now(),
      random: deps.random,
      executionId: encodeId("execution", before.id),
      newTaskId: () => encodeId("task", nextKey()),
      newApprovalId: () => encodeId("approval", nextKey()),
      newExecutionId: () => encodeId("execution", nextKey()),
      checkSchema,
      ...loaded,
    };
    const outcome = decided(before, inputs(env));
    if (!("needs" in outcome)) return outcome;
    if (outcome.needs.values.length + outcome.needs.workflows.length === 0) throw new Undecidable("needs nothing");
    await loadValues(states, valuesOf, outcome.needs, loaded);
    await loadWorkflows(deps, before.namespaceId, outcome.needs, loaded);
  }
}

function decided(before: Folded, inputs: readonly DraftInput[]): ReturnType<typeof draft> {
  try {
    return draft(before, inputs);
  } catch (error) {
    if (error instanceof NoSlot) throw error;
    throw new Undecidable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function loadValues(states: States, id: bigint, needs: Needs, { values }: Loaded): Promise<void> {
  const found = await states.values(id, needs.values).catch((thrown: unknown) => {
    const error = unfoldable(thrown);
    throw error instanceof UnreadableHistory ? error : new Undecidable(error.message, { cause: error });
  });
  for (const hash of needs.values) {
    const value = found.get(hash);
    if (value === undefined) throw new Undecidable("a large value of this history is missing");
    if (values.has(hash)) throw new Undecidable("asked twice for one large value");
    values.set(hash, value);
  }
}

/** Null stands for a workflow or version that there is none of, or that takes no new executions. */
async function loadWorkflows(
  { graphs }: Pick<DoorDependencies, "graphs">,
  namespaceId: number,
  needs: Needs,
  { workflows }: Loaded,
): Promise<void> {
  for (const name of needs.workflows) {
    const key = workflowKey(name);
    if (workflows.has(key)) throw new Undecidable(`asked twice for workflow ${key}`);
    const found = await graphs.find(namespaceId, name.workflow, name.version);
    workflows.set(key, found && { version: found.version, hash: found.hash });
  }
}
