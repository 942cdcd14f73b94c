/** A definition drawn small: its nodes by what kind they are, and which way they lead. A picture beside words that say the same. */
import { useMemo } from "react";
import type { Definition } from "@/lib/contract/definition";
import { layRight, type Placed } from "../_execution/graph-layout";
import { NodeIcon } from "../_execution/node-icon";

/** A node is its icon: what it is called is too small to read here. */
const SIZE = { width: 48, height: 40 };
const GAPS = { rank: 34, node: 18 };
const PADDING = 10;
const ICON = 14;
const ICON_SCALE = 1.5;
/** How far a loop leads above what it passes. */
const LOOP = 34;

type Drawn = Pick<Definition, "nodes" | "edges">;

export function TemplatePreview({ definition, className }: { definition: Drawn; className?: string }) {
  const places = useMemo(() => placesOf(definition), [definition]);
  return (
    <svg aria-hidden="true" viewBox={viewOf(definition, places)} className={className}>
      {definition.edges.map(({ from, to, port, loop }) => (
        <path
          key={`${from} ${port ?? ""} ${to}`}
          d={lineOf(places.get(from), places.get(to), loop !== undefined)}
          className="fill-none stroke-ink-3"
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
          strokeDasharray={loop === undefined ? undefined : "4 3"}
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
        rx={7}
        className="fill-raised stroke-line-strong"
        strokeWidth={1}
        vectorEffect="non-scaling-stroke"
      />
      <g transform={at} className="text-ink-2">
        <NodeIcon type={type} />
      </g>
    </>
  );
}

function placesOf({ nodes, edges }: Drawn): ReadonlyMap<string, Placed> {
  const forward = edges.filter(({ loop }) => loop === undefined);
  const sized = nodes.map(({ id }) => ({ id, ...SIZE }));
  return new Map(layRight(sized, forward, GAPS).map((place) => [place.id, place]));
}

function viewOf({ edges }: Drawn, placed: ReadonlyMap<string, Placed>): string {
  const places = [...placed.values()];
  const loops = edges
    .filter(({ loop }) => loop !== undefined)
    .flatMap(({ from, to }) => overOf(placed.get(from), placed.get(to)));
  const left = Math.min(...places.map(({ x }) => x)) - PADDING;
  const top = Math.min(...places.map(({ y }) => y), ...loops) - PADDING;
  const right = Math.max(...places.map(({ x, width }) => x + width)) + PADDING;
  const bottom = Math.max(...places.map(({ y, height }) => y + height)) + PADDING;
  return `${left} ${top} ${right - left} ${bottom - top}`;
}

/** How high a loop leads; the curve itself stays a quarter below what pulls it. */
function overOf(from: Placed | undefined, to: Placed | undefined): number[] {
  return from === undefined || to === undefined ? [] : [Math.min(from.y, to.y) - LOOP];
}

function lineOf(from: Placed | undefined, to: Placed | undefined, isLoop: boolean): string {
  if (from === undefined || to === undefined) return "";
  if (isLoop) {
    const [x1, x2] = [from.x + from.width / 2, to.x + to.width / 2];
    const [over] = overOf(from, to);
    return `M ${x1} ${from.y} C ${x1} ${over}, ${x2} ${over}, ${x2} ${to.y}`;
  }
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  return `M ${x1} ${y1} C ${(x1 + x2) / 2} ${y1}, ${(x1 + x2) / 2} ${y2}, ${x2} ${y2}`;
}
