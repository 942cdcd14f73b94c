"use client";
/** An edge of the graph: which way it went, what its port is called, and, where it leads back, a way around what lies between. */
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath, useStore } from "@xyflow/react";
import { memo } from "react";
import { ERROR_PORT } from "@/lib/core/definition/ports";
import { classNames } from "../_ui/class-names";
import { NODE_HEIGHT, NODE_WIDTH } from "./graph-layout";
import type { EdgeState } from "./graph-model";

export type StepEdge = Edge<
  {
    state: EdgeState;
    /** Empty: the default port. */
    port: string;
    /** Of a loop: how often it was taken; null: it leads on. */
    turns: number | null;
    /** Where a loop has room to pass, across the direction of the graph. */
    clear: number;
    down: boolean;
  },
  "step"
>;

const FAR = 0.42;
const ROUND = 10;

export const GraphEdge = memo(function GraphEdge(props: EdgeProps<StepEdge>) {
  const { id, data, markerEnd } = props;
  const far = useStore((store) => store.transform[2] < FAR);
  if (!data) return null;
  const [path, x, y] = data.turns === null ? forward(props) : back(props, data);
  const text = [data.port, data.turns !== null && data.turns > 0 && `×${data.turns}`].filter(Boolean).join(" ");
  return (
    <>
      <BaseEdge id={id} path={path} {...(markerEnd && { markerEnd })} />
      {text !== "" && !far && (
        <EdgeLabelRenderer>
          <span
            className={classNames(
              "nodrag nopan pointer-events-none absolute rounded-sm bg-canvas px-1 font-mono text-[10px] leading-4",
              data.state === "taken" ? "text-ink-2" : "text-ink-3",
              data.port === ERROR_PORT && data.state === "taken" && "text-danger",
            )}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {text}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

function forward(props: EdgeProps<StepEdge>): [path: string, x: number, y: number] {
  const [path, x, y] = getBezierPath(props);
  return [path, x, y];
}

/** From the side of its source, along where it is clear, to the side of its target. */
function back(
  { sourceX, sourceY, targetX, targetY }: EdgeProps<StepEdge>,
  { down, clear }: NonNullable<StepEdge["data"]>,
): [path: string, x: number, y: number] {
  if (down) {
    const [sx, sy] = [sourceX + NODE_WIDTH / 2, sourceY - NODE_HEIGHT / 2];
    const [tx, ty] = [targetX + NODE_WIDTH / 2, targetY + NODE_HEIGHT / 2];
    const up = sy > ty ? -ROUND : ROUND;
    const path = `M${sx} ${sy}H${clear - ROUND}Q${clear} ${sy} ${clear} ${sy + up}V${ty - up}Q${clear} ${ty} ${clear - ROUND} ${ty}H${tx}`;
    return [sy === ty ? itself(sx, sy, clear) : path, clear, (sy + ty) / 2];
  }
  const [sx, sy] = [sourceX - NODE_WIDTH / 2, sourceY - NODE_HEIGHT / 2];
  const [tx, ty] = [targetX + NODE_WIDTH / 2, targetY - NODE_HEIGHT / 2];
  const left = sx > tx ? -ROUND : ROUND;
  const path = `M${sx} ${sy}V${clear + ROUND}Q${sx} ${clear} ${sx + left} ${clear}H${tx - left}Q${tx} ${clear} ${tx} ${clear + ROUND}V${ty}`;
  if (Math.abs(sx - tx) > 1) return [path, (sx + tx) / 2, clear];
  const own = `M${sx + 20} ${sy}C${sx + 20} ${clear} ${sx - 20} ${clear} ${sx - 20} ${ty}`;
  return [own, sx, clear + 6];
}

/** A node that leads to itself. */
function itself(x: number, y: number, clear: number): string {
  return `M${x} ${y + 12}C${clear} ${y + 12} ${clear} ${y - 12} ${x} ${y - 12}`;
}
