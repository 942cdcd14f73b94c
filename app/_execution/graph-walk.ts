/** Which node an arrow key leads to: along the graph by its edges, across it to the nearest beside; pure. */
import type { Layout, Placed } from "./graph-layout";

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

interface Walkable {
  places: readonly Placed[];
  edges: readonly { from: string; to: string }[];
}

const FORWARD: Record<Layout["direction"], Partial<Record<Arrow, "on" | "back">>> = {
  right: { ArrowRight: "on", ArrowLeft: "back" },
  down: { ArrowDown: "on", ArrowUp: "back" },
};

export function nodeBeside({ places, edges }: Walkable, from: string, arrow: Arrow): string | null {
  const here = places.find(({ id }) => id === from);
  if (!here) return places[0]?.id ?? null;
  const along = FORWARD[here.direction][arrow];
  const others = places.filter((place) => place.id !== from && place.parent === here.parent);
  if (along) {
    const linked = new Set(
      edges.flatMap((edge) => {
        const [near, far] = along === "on" ? [edge.from, edge.to] : [edge.to, edge.from];
        return near === from ? [far] : [];
      }),
    );
    // A loop leads back: it is an edge, and not the way on.
    const axis = here.direction === "right" ? "x" : "y";
    const sign = along === "on" ? 1 : -1;
    return nearest(
      here,
      others.filter((place) => linked.has(place.id) && (place[axis] - here[axis]) * sign > 0),
    );
  }
  const across = here.direction === "right" ? "y" : "x";
  const ahead = arrow === "ArrowDown" || arrow === "ArrowRight" ? 1 : -1;
  const alongAxis = across === "y" ? "x" : "y";
  return nearest(
    here,
    others.filter(
      (place) => (place[across] - here[across]) * ahead > 0 && Math.abs(place[alongAxis] - here[alongAxis]) < 80,
    ),
  );
}

function nearest(here: Placed, places: readonly Placed[]): string | null {
  const far = ({ x, y }: Placed) => Math.hypot(x - here.x, y - here.y);
  return (
    places.reduce<Placed | null>((best, place) => (best === null || far(place) < far(best) ? place : best), null)?.id ??
    null
  );
}
