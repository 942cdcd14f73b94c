/** How one moves over the graph: along its edges by arrows, or after what is open. */
import { useReactFlow } from "@xyflow/react";
import { type KeyboardEvent, useEffect } from "react";
import { isOpenStep } from "@/lib/core/execution/statuses";
import type { StepEdge } from "./graph-edge";
import type { Layout } from "./graph-layout";
import type { StepNode } from "./graph-node";
import { type Arrow, nodeBeside } from "./graph-walk";

/** Keeps what is open in view, each time other steps are. */
export function useFollow(on: boolean, nodes: readonly StepNode[]) {
  const flow = useReactFlow();
  const open = nodes.filter(({ data }) => isOpenStep(data.state)).map(({ id }) => id);
  const which = open.join(" ");
  useEffect(() => {
    if (on && which !== "")
      void flow.fitView({ nodes: which.split(" ").map((id) => ({ id })), duration: 300, padding: 0.6, maxZoom: 1 });
  }, [on, which, flow]);
}

/** Arrows lead from the focused node to the next; it is brought into view before it gets the focus. */
export function useWalk(layout: Layout, edges: readonly StepEdge[]) {
  const flow = useReactFlow();
  return (event: KeyboardEvent) => {
    if (!event.key.startsWith("Arrow") || !(event.target instanceof HTMLElement)) return;
    const from = event.target.closest(".react-flow__node")?.getAttribute("data-id");
    if (!from) return;
    const links = edges.map(({ source, target }) => ({ from: source, to: target }));
    const next = nodeBeside({ places: layout.places, edges: links }, from, event.key as Arrow);
    event.preventDefault();
    event.stopPropagation();
    const region = event.target.closest(".react-flow");
    const node = next === null ? undefined : flow.getInternalNode(next);
    if (next === null || !node || !region) return;
    const { x, y } = node.internals.positionAbsolute;
    void flow.setCenter(x + (node.width ?? 0) / 2, y + (node.height ?? 0) / 2, { zoom: flow.getZoom(), duration: 120 });
    const focus = (times: number) =>
      requestAnimationFrame(() => {
        const element = region.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`);
        if (element) element.focus();
        else if (times > 0) focus(times - 1);
      });
    focus(20);
  };
}
