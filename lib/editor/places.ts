/** Where nodes lie that were moved by hand; nothing else is kept of a layout. */
import type { Layout, Point } from "../contract/drafts";

export function withPlace(layout: Layout, id: string, { x, y }: Point): Layout {
  return { ...layout, places: { ...layout.places, [id]: { x: Math.round(x), y: Math.round(y) } } };
}

export function withoutPlaces(layout: Layout, ids: ReadonlySet<string>): Layout {
  const { places, folded, comments, ...rest } = layout;
  const kept = Object.entries(places ?? {}).filter(([id]) => !ids.has(id));
  const stillFolded = (folded ?? []).filter((id) => !ids.has(id));
  const stillThere = (comments ?? []).filter(({ inside }) => inside === undefined || !ids.has(inside));
  return {
    ...rest,
    ...(kept.length === 0 ? {} : { places: Object.fromEntries(kept) }),
    ...(stillFolded.length === 0 ? {} : { folded: stillFolded }),
    ...(stillThere.length === 0 ? {} : { comments: stillThere }),
  };
}

/** What lay under one id lies under another. */
export function renamedPlaces(layout: Layout, from: string, to: string): Layout {
  const { places, folded, comments } = layout;
  return {
    ...layout,
    ...(places && from in places
      ? { places: Object.fromEntries(Object.entries(places).map(([id, point]) => [id === from ? to : id, point])) }
      : {}),
    ...(folded ? { folded: folded.map((id) => (id === from ? to : id)) } : {}),
    ...(comments ? { comments: comments.map((each) => (each.inside === from ? { ...each, inside: to } : each)) } : {}),
  };
}
