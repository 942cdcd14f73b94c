"use client";
/** An edge of the canvas: where it leads, whether it is a failure's, and, of a loop, how often; with a button in it that adds a node there. */
import { BaseEdge, type EdgeProps, getBezierPath, useStore } from "@xyflow/react";
import { memo } from "react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { ERROR_PORT } from "@/lib/core/definition/ports";
import type { Lane } from "@/lib/editor/canvas/routes";
import { type CanvasEdge, type EdgeData, ERROR_DROP } from "./elements";
import { useUi, useUiStore } from "./ui";

const FAR = 0.4;
const ROUND = 12;
const OUT = 22;
/** The format's own limit, where an edge names none. */
const USUAL_TURNS = 100;

interface Drawn {
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

export const FlowEdge = memo(function FlowEdge(props: EdgeProps<CanvasEdge>) {
  const { id, data, selected } = props;
  const isFar = useStore((store) => store.transform[2] < FAR);
  const isTarget = useUi(({ dropOn }) => dropOn === id);
  if (!data) return null;
  const { drawn, height } = data;
  const { path, x, y } = height === null ? forward(props) : around(props, height);
  const label = labelOf(drawn);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={18}
        markerEnd={`url(#${drawn.kind === "error" ? "arrow-error" : selected === true || isTarget ? "arrow-chosen" : "arrow"})`}
        {...(isTarget && { className: "is-drop-target" })}
      />
      {label !== null && !isFar && (
        <text x={x} y={y - 9} className="edge-text" textAnchor="middle">
          {label}
        </text>
      )}
      {!isFar && !data.isReadOnly && <Insert drawn={drawn} x={x} y={y} />}
    </>
  );
});

function labelOf({ kind, edge }: EdgeData["drawn"]): string | null {
  if (kind === "loop") return words.loopAtMost(edge.loop?.maxIterations ?? USUAL_TURNS);
  return kind === "error" ? ERROR_PORT : null;
}

/** By pointer only: by keyboard the edge itself is chosen, and Tab adds there. */
function Insert({ drawn, x, y }: { drawn: EdgeData["drawn"]; x: number; y: number }) {
  const ui = useUiStore();
  const { scope, ref } = drawn;
  return (
    <g
      aria-hidden
      transform={`translate(${x} ${y})`}
      className="edge-insert nopan"
      onClick={(event) => {
        event.stopPropagation();
        const at = { x: event.clientX, y: event.clientY };
        ui.set({ ask: { kind: "add", at, from: null, spot: { kind: "edge", scope, edge: ref } } });
      }}
    >
      <title>{words.insertOn(ref.from, ref.to)}</title>
      <circle r={9} />
      <path d="M-4 0H4M0 -4V4" />
    </g>
  );
}

function forward(props: EdgeProps<CanvasEdge>): Drawn {
  const { sourceX, targetX, data } = props;
  const isError = data?.drawn.ref.port === ERROR_PORT;
  const lane = data?.lane;
  if (lane && lane.from > sourceX && lane.to < targetX) return alongLane(props, lane, isError);
  if (isError && targetX > sourceX + 3 * ROUND) return fromBelow(props);
  const [path, x, y] = getBezierPath({ ...props, curvature: 0.3 });
  return { path, x, y };
}

/** Down out of the node, and on to the right. */
const turnOut = (x: number, y: number) =>
  `M${x} ${y}V${y + ERROR_DROP - ROUND}Q${x} ${y + ERROR_DROP} ${x + ROUND} ${y + ERROR_DROP}`;

function fromBelow({ sourceX, sourceY, targetX, targetY }: EdgeProps<CanvasEdge>): Drawn {
  const [x, y] = [sourceX + ROUND, sourceY + ERROR_DROP];
  return {
    path: `${turnOut(sourceX, sourceY)}${curve(x, y, targetX, targetY)}`,
    x: (x + targetX) / 2,
    y: (y + targetY) / 2,
  };
}

function alongLane({ sourceX, sourceY, targetX, targetY }: EdgeProps<CanvasEdge>, lane: Lane, isError: boolean): Drawn {
  const begin = isError ? turnOut(sourceX, sourceY) : `M${sourceX} ${sourceY}`;
  const [x, y] = isError ? [sourceX + ROUND, sourceY + ERROR_DROP] : [sourceX, sourceY];
  const path = `${begin}${curve(x, y, lane.from, lane.y)}H${lane.to}${curve(lane.to, lane.y, targetX, targetY)}`;
  return { path, x: (lane.from + lane.to) / 2, y: lane.y };
}

function curve(fromX: number, fromY: number, toX: number, toY: number): string {
  const bend = (toX - fromX) / 2;
  return `C${fromX + bend} ${fromY} ${toX - bend} ${toY} ${toX} ${toY}`;
}

/** Out to the right, up to where it passes all that lies between, back, and down to its target's side. */
function around({ sourceX, sourceY, targetX, targetY, data }: EdgeProps<CanvasEdge>, height: number): Drawn {
  const isError = data?.drawn.ref.port === ERROR_PORT;
  const top = Math.min(height, sourceY - 2 * ROUND, targetY - 2 * ROUND);
  const right = sourceX + OUT + (isError ? OUT + ROUND : 0);
  const left = targetX - OUT;
  const out = isError
    ? `M${sourceX} ${sourceY}V${sourceY + ROUND}Q${sourceX} ${sourceY + OUT} ${sourceX + ROUND} ${sourceY + OUT}H${right - ROUND}Q${right} ${sourceY + OUT} ${right} ${sourceY + OUT - ROUND}`
    : `M${sourceX} ${sourceY}H${right - ROUND}Q${right} ${sourceY} ${right} ${sourceY - ROUND}`;
  const path = `${out}V${top + ROUND}Q${right} ${top} ${right - ROUND} ${top}H${left + ROUND}Q${left} ${top} ${left} ${top + ROUND}V${targetY - ROUND}Q${left} ${targetY} ${left + ROUND} ${targetY}H${targetX}`;
  return { path, x: (left + right) / 2, y: top };
}

/** The arrows at the ends of edges, once for all. */
export function EdgeArrows() {
  return (
    <svg aria-hidden className="pointer-events-none absolute size-0">
      <defs>
        {["arrow", "arrow-chosen", "arrow-error"].map((id) => (
          <marker
            key={id}
            id={id}
            viewBox="0 0 10 10"
            refX={9}
            refY={5}
            markerWidth={10}
            markerHeight={10}
            markerUnits="userSpaceOnUse"
            orient="auto"
            className={id}
          >
            <path d="M1 1L9 5L1 9" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
