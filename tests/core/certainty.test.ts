/** What validation takes for certain is so in every run: the step has completed whenever the one that reads it begins. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { type JudgedScope, scopesOf } from "@/lib/core/definition/scopes";
import { scopeAt } from "@/lib/core/execution/draft";
import type { ExecutionState } from "@/lib/core/execution/state";
import { Dice, MOVE_ROLLS } from "./support/dice";
import { arbitraryDefinition } from "./support/random-definition";
import { walk } from "./support/random-walk";

const BEGINNINGS = new Set([
  "StepScheduled",
  "SleepStarted",
  "ApprovalRequested",
  "SignalAwaited",
  "MapStarted",
  "ChildStarted",
  "ChoiceEvaluated",
  "StepCompleted",
]);

/** By id; ids are unique in a definition. */
function scopesById(definition: Definition): Map<string, JudgedScope> {
  return new Map(scopesOf(definition).flatMap((scope) => scope.graph.nodes.map(({ id }) => [id, scope] as const)));
}

class Checks {
  readonly #scopes: Map<string, JudgedScope>;
  readonly #begun = new Set<string>();
  certain = 0;

  constructor(definition: Definition) {
    this.#scopes = scopesById(definition);
  }

  check(event: HistoryEvent, state: ExecutionState) {
    if (event.type === "ExecutionCompleted" && !this.#endedEarly(state)) this.#checkEnd(state);
    if (!BEGINNINGS.has(event.type) || !("iteration" in event.data)) return;
    const { node: path, iteration, index = [] } = event.data;
    const key = `${path}[${index}]${iteration}`;
    if (this.#begun.has(key)) return;
    this.#begun.add(key);
    const node = state.graph.nodes[state.graph.ordinals.get(path) ?? -1];
    const scope = this.#scopes.get(node?.id ?? "");
    const steps = scopeAt(state, node?.scope ?? 0, index)?.steps ?? [];
    steps.forEach((step, position) => {
      if (!scope?.reachability?.isCertain(position, node?.position ?? -1)) return;
      this.certain++;
      expect(step.status, `${step.node} when ${key} begins`).toBe("completed");
    });
  }

  /** A succeed node with an output of its own: nobody asks for the definition's. */
  #endedEarly({ root, graph }: ExecutionState): boolean {
    return root.steps.some(
      ({ status, node }) =>
        status === "completed" && graph.nodes[graph.ordinals.get(node) ?? -1]?.definition.type === "succeed",
    );
  }

  #checkEnd({ root }: ExecutionState) {
    root.steps.forEach(({ status, node }, position) => {
      if (!this.#scopes.get(node)?.reachability?.isCertainAtEnd(position)) return;
      this.certain++;
      expect(status, `${node} at the end`).toBe("completed");
    });
  }
}

/** How often something was certain. */
function checkRuns(definitions: fc.Arbitrary<Definition>, numRuns: number): number {
  let certain = 0;
  fc.assert(
    fc.property(definitions, MOVE_ROLLS, (definition, moves) => {
      const checks = new Checks(definition);
      walk(definition, new Dice(moves), (event, state) => checks.check(event, state));
      certain += checks.certain;
    }),
    { numRuns },
  );
  return certain;
}

describe("what is certain", () => {
  it("is so in every run of every definition", () => {
    expect(checkRuns(arbitraryDefinition(), 300)).toBeGreaterThan(300);
  });

  it("is so in every race", () => {
    expect(checkRuns(arbitraryDefinition({ features: [] }), 600)).toBeGreaterThan(300);
  });
});
