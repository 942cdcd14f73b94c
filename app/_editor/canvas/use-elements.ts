"use client";
/**
 * What React Flow shows: the document as it is, with what is dragged at the pointer, and on their way what a layout moved.
 * A drag lives here until it is dropped; no edit is made meanwhile.
 */
import { applyNodeChanges, type NodeChange } from "@xyflow/react";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { type CanvasEdge, type CanvasNode, type Drawn, edgesOf, nodesOf } from "./elements";

const GLIDE_MS = 140;
/** More than these do not glide: drawing them so often would be slower than the glide itself. */
const GLIDE_MOST = 150;

const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((each) => [each.id, each]));

export interface Elements {
  readonly nodes: CanvasNode[];
  readonly edges: CanvasEdge[];
  readonly onNodesChange: (changes: NodeChange<CanvasNode>[]) => void;
}

export function useElements(drawn: Drawn): Elements {
  const [nodes, setNodes] = useState<CanvasNode[]>(() => nodesOf(drawn, new Map()));
  const [edges, setEdges] = useState<CanvasEdge[]>(() => edgesOf(drawn, new Map()));
  const shown = useRef(nodes);
  const dragged = useRef<ReadonlySet<string>>(new Set());
  const glide = useRef(0);
  const show = useCallback((next: CanvasNode[]) => {
    shown.current = next;
    setNodes(next);
  }, []);

  useLayoutEffect(() => {
    cancelAnimationFrame(glide.current);
    const before = byId(shown.current);
    const target = nodesOf(drawn, before).map((node) => {
      // What is under the pointer stays there.
      const old = dragged.current.has(node.id) ? before.get(node.id) : undefined;
      return old ? ({ ...node, position: old.position } as CanvasNode) : node;
    });
    const moved = target.filter((node) => {
      const old = before.get(node.id);
      return old !== undefined && (old.position.x !== node.position.x || old.position.y !== node.position.y);
    });
    setEdges((old) => edgesOf(drawn, byId(old)));
    if (moved.length === 0 || moved.length > GLIDE_MOST || prefersNoMotion()) {
      show(target);
      return;
    }
    const from = new Map(moved.map(({ id }) => [id, before.get(id)?.position ?? { x: 0, y: 0 }]));
    const startedAt = performance.now();
    const step = (now: number) => {
      const share = Math.min(1, Math.max(0, (now - startedAt) / GLIDE_MS));
      show(share === 1 ? target : target.map((node) => between(from.get(node.id), node, easeOut(share))));
      if (share < 1) glide.current = requestAnimationFrame(step);
    };
    step(startedAt);
    return () => cancelAnimationFrame(glide.current);
  }, [drawn, show]);

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      // What is selected is the editor's to say.
      const own = changes.filter(({ type }) => type === "position" || type === "dimensions");
      if (own.length === 0) return;
      const dragging = new Set(dragged.current);
      for (const change of own) {
        if (change.type !== "position") continue;
        if (change.dragging) dragging.add(change.id);
        else dragging.delete(change.id);
      }
      dragged.current = dragging;
      show(applyNodeChanges(own, shown.current));
    },
    [show],
  );
  return { nodes, edges, onNodesChange };
}

const easeOut = (share: number) => 1 - (1 - share) ** 3;

function between(from: { x: number; y: number } | undefined, node: CanvasNode, share: number): CanvasNode {
  if (from === undefined) return node;
  const { x, y } = node.position;
  return { ...node, position: { x: from.x + (x - from.x) * share, y: from.y + (y - from.y) * share } } as CanvasNode;
}

function prefersNoMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
