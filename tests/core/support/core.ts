/** The core as the tests drive it: an interface, so that the same properties can judge a core with a seeded bug. */

import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { CompiledGraph } from "@/lib/core/definition/graph";
import { compileGraph } from "@/lib/core/definition/graph";
import type { Command, DecideEnv, Decision } from "@/lib/core/execution/commands";
import { wakeAt } from "@/lib/core/execution/deadlines";
import { decide } from "@/lib/core/execution/decide";
import { evolve } from "@/lib/core/execution/evolve";
import { initialState } from "@/lib/core/execution/initial-state";
import type { ExecutionState } from "@/lib/core/execution/state";

export interface Core {
  compileGraph(definition: Definition): CompiledGraph;
  initialState(graph: CompiledGraph): ExecutionState;
  decide(state: ExecutionState, command: Command, env: DecideEnv): Decision;
  evolve(state: ExecutionState, event: HistoryEvent): ExecutionState;
  wakeAt(state: ExecutionState): number | null;
}

export const realCore: Core = { compileGraph, initialState, decide, evolve, wakeAt };
