/** What the edges of a graph were at any point of a history, told from its events alone, apart from the core's own counts. */
import type { Definition, Edge } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";

export type EdgeState = "pending" | "taken" | "dead";

export class EdgesInHistory {
  /** The port that each ended step ended on; null for those that were skipped or cancelled. */
  readonly #ports = new Map<string, string | null>();

  constructor(readonly definition: Definition) {}

  fold(event: HistoryEvent) {
    switch (event.type) {
      case "StepCompleted":
        this.#ports.set(event.data.node, event.data.port ?? "success");
        break;
      case "StepFailed":
        this.#ports.set(event.data.node, "error");
        break;
      case "StepSkipped":
      case "StepCancelled":
        this.#ports.set(event.data.node, null);
        break;
    }
  }

  hasEnded(node: string): boolean {
    return this.#ports.has(node);
  }

  stateOf({ from, port = "success" }: Edge): EdgeState {
    const ended = this.#ports.get(from);
    if (ended === undefined) return "pending";
    return ended === port ? "taken" : "dead";
  }

  /** What a node's join says now: run, skip, fail, or wait for more. */
  verdict(node: string): "run" | "skip" | "fail" | "wait" {
    const incoming = this.definition.edges.filter(({ to }) => to === node).map((edge) => this.stateOf(edge));
    const taken = incoming.filter((state) => state === "taken").length;
    const isDecided = !incoming.includes("pending");
    const join = this.definition.nodes.find(({ id }) => id === node)?.join ?? "all";
    if (incoming.length === 0) return "run";
    if (join === "all") return !isDecided ? "wait" : taken > 0 ? "run" : "skip";
    const needed = join === "any" ? 1 : join;
    if (taken >= needed) return "run";
    if (!isDecided) return "wait";
    return taken === 0 ? "skip" : "fail";
  }
}
