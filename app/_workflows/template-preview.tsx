/** A definition drawn small: its nodes by what kind they are, and which way they lead. A picture beside words that say the same. */
import { useMemo } from "react";
import type { Definition } from "@/lib/contract/definition";
import { type Layout, layoutGraph, type Placed } from "../_execution/graph-layout";
import { layoutInputOf } from "../_execution/graph-model";
import { NodeIcon } from "../_execution/node-icon";

const UNFOLDED: ReadonlySet<string> = new Set();
const PADDING = 24;
const ICON = 14;
/** Icons are drawn this much larger than in a graph, for all of it is drawn much smaller. */
const ICON_SCALE = 2;

type Drawn = Pick<Definition, "nodes" | "edges">;

export function TemplatePreview({ definition, className }: { definition: Drawn; className?: string }) {
  const layout = useMemo(() => layoutGraph(layoutInputOf(definition, UNFOLDED)), [definition]);
  const places = new Map(layout.places.map((place) => [place.id, place]));
  return (
    <svg aria-hidden="true" viewBox={viewOf(layout.places)} className={className}>
      {definition.edges.map(({ from, to, port, loop }) => (
        <path
          key={`${from} ${port ?? ""} ${to}`}
          d={lineOf(places.get(from), places.get(to), layout.direction, loop !== undefined)}
          className="fill-none stroke-line-strong"
          strokeWidth={3}
          strokeDasharray={loop === undefined ? undefined : "8 6"}
        />
      ))}
      {definition.nodes.map(({ id, type }) => {
        const place = places.get(id);
        return place && <DrawnNode key={id} place={place} type={type} />;
      })}
    </svg>
  );
}

function DrawnNode({
  place: { x, y, width, height },
  type,
}: {
  place: Placed;
  type: Definition["nodes"][number]["type"];
}) {
  const size = ICON * ICON_SCALE;
  const at = `translate(${x + width / 2 - size / 2} ${y + height / 2 - size / 2}) scale(${ICON_SCALE})`;
  return (
    <>
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        rx={10}
        className="fill-raised stroke-line-strong"
        strokeWidth={2.5}
      />
      <g transform={at} className="text-ink-2">
        <NodeIcon type={type} />
      </g>
    </>
  );
}

function viewOf(places: readonly Placed[]): string {
  const left = Math.min(...places.map(({ x }) => x)) - PADDING;
  const top = Math.min(...places.map(({ y }) => y)) - PADDING;
  const right = Math.max(...places.map(({ x, width }) => x + width)) + PADDING;
  const bottom = Math.max(...places.map(({ y, height }) => y + height)) + PADDING;
  return `${left} ${top} ${right - left} ${bottom - top}`;
}

function lineOf(from: Placed | undefined, to: Placed | undefined, direction: Layout["direction"], isLoop: boolean) {
  if (from === undefined || to === undefined) return "";
  const down = direction === "down";
  if (isLoop) {
    // Around, beside what it passes.
    const [x1, y1] = down ? [from.x + from.width, from.y + from.height / 2] : [from.x + from.width / 2, from.y];
    const [x2, y2] = down ? [to.x + to.width, to.y + to.height / 2] : [to.x + to.width / 2, to.y];
    return down
      ? `M ${x1} ${y1} C ${x1 + 90} ${y1}, ${x2 + 90} ${y2}, ${x2} ${y2}`
      : `M ${x1} ${y1} C ${x1} ${y1 - 70}, ${x2} ${y2 - 70}, ${x2} ${y2}`;
  }
  const [x1, y1] = down
    ? [from.x + from.width / 2, from.y + from.height]
    : [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = down ? [to.x + to.width / 2, to.y] : [to.x, to.y + to.height / 2];
  return down
    ? `M ${x1} ${y1} C ${x1} ${(y1 + y2) / 2}, ${x2} ${(y1 + y2) / 2}, ${x2} ${y2}`
    : `M ${x1} ${y1} C ${(x1 + x2) / 2} ${y1}, ${(x1 + x2) / 2} ${y2}, ${x2} ${y2}`;
}
