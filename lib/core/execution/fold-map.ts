/** How the beginning of a map is folded. */
import type { EventOf } from "../../contract/history";
import { NEVER } from "./deadlines";
import { type At, changeStep, type Draft, refOf, stepIn } from "./draft";
import { heldIn } from "./held";
import type { StepState } from "./state";

/** Its items begin with the first event of a step in them. */
export function mapStarted(draft: Draft, { data }: EventOf<"MapStarted">, at: At) {
  const { state } = draft;
  const seen = Object.fromEntries(seenBy(draft, at).map((step) => [step.node, step]));
  changeStep(draft, at, (step) => ({
    ...step,
    status: "waiting",
    forced: false,
    startedAt: step.startedAt ?? state.lastAt,
    since: state.lastAt,
    map: {
      list: heldIn("items", data) ?? { json: [] },
      count: data.count,
      items: [],
      next: 0,
      active: 0,
      completed: 0,
      failed: 0,
      blocks: [],
      seen,
      due: NEVER.due,
      want: data.count > 0 ? 0 : null,
    },
  }));
  draft.next.push({ kind: "map", ref: refOf(at), iteration: data.iteration });
}

/** The steps around a map that its body reads, as they stand now; those further out as the map around it saw them. */
function seenBy({ state }: Draft, { node, index }: At): StepState[] {
  const { graph } = state;
  if (node.body === null) throw new Error(`${node.path} is no map`);
  const around = graph.nodes[graph.scopes[node.scope]?.map ?? -1];
  const further =
    around === undefined ? {} : (stepIn(state, { node: around, index: index.slice(0, -1) }).map?.seen ?? {});
  return graph.outerReads(node.body).flatMap((ordinal) => {
    const other = graph.nodes[ordinal];
    if (other === undefined) return [];
    const step = other.scope === node.scope ? stepIn(state, { node: other, index }) : further[other.path];
    return step === undefined ? [] : [step];
  });
}
