/** What only says where things lie and what people wrote beside them: none of it is part of the definition. */
import { type Comment, commentSchema, type Layout, layoutSchema, type Point } from "../contract/drafts";
import { type Edited, type EditorDocument, everyId, graphAt, mapped, nodeOf } from "./document";
import { withPlace } from "./places";

export function moved(
  document: EditorDocument,
  places: { readonly [node: string]: Point },
  comments: { readonly [comment: string]: Point },
): Edited {
  const ids = everyId(document.definition);
  const known = Object.entries(places).filter(([id]) => ids.has(id));
  const placed = known.reduce((layout, [id, point]) => withPlace(layout, id, point), document.layout);
  const layout = withComments(placed, (each) => {
    const to = comments[each.id];
    return to === undefined ? each : { ...each, x: Math.round(to.x), y: Math.round(to.y) };
  });
  return checked(document, layout, []);
}

/** Forgets where these lie; none named: all. */
export function tidied({ definition, layout }: EditorDocument, nodes: readonly string[] | undefined): Edited {
  const kept = Object.entries(layout.places ?? {}).filter(([id]) => nodes !== undefined && !nodes.includes(id));
  const { places: _, ...rest } = layout;
  return {
    document: { definition, layout: kept.length === 0 ? rest : { ...rest, places: Object.fromEntries(kept) } },
    made: [],
  };
}

export function withFold(document: EditorDocument, id: string, folded: boolean): Edited {
  if (nodeOf(document.definition, id)?.node.type !== "map") return { refused: `${id} is no map.` };
  const others = (document.layout.folded ?? []).filter((each) => each !== id);
  const { folded: _, ...rest } = document.layout;
  const next = folded ? [...others, id] : others;
  return { document: { ...document, layout: next.length === 0 ? rest : { ...rest, folded: next } }, made: [] };
}

export function addComment(document: EditorDocument, comment: Comment): Edited {
  const { comments = [] } = document.layout;
  if (comments.some(({ id }) => id === comment.id)) return { refused: `There is a comment ${comment.id} already.` };
  if (graphAt(document.definition, comment.inside ?? null) === null)
    return { refused: `There is no map ${comment.inside} with a graph in it.` };
  return checked(document, { ...document.layout, comments: [...comments, comment] }, [comment.id]);
}

export function setComment(document: EditorDocument, id: string, change: Partial<Omit<Comment, "id">>): Edited {
  if (!document.layout.comments?.some((each) => each.id === id)) return { refused: `There is no comment ${id}.` };
  const next = withComments(document.layout, (each) => (each.id === id ? { ...each, ...change } : each));
  const comment = next.comments?.find((each) => each.id === id);
  const parsed = commentSchema.safeParse(comment);
  if (!parsed.success) return { refused: parsed.error.issues[0]?.message ?? "That is no comment." };
  return { document: { ...document, layout: next }, made: [] };
}

export function withoutComments(edited: Edited, ids: readonly string[]): Edited {
  if ("refused" in edited || ids.length === 0) return edited;
  const { comments, ...rest } = edited.document.layout;
  const left = (comments ?? []).filter(({ id }) => !ids.includes(id));
  const layout = left.length === 0 ? rest : { ...rest, comments: left };
  return { ...edited, document: { ...edited.document, layout } };
}

function withComments(layout: Layout, change: (comment: Comment) => Comment): Layout {
  const { comments } = layout;
  if (comments === undefined) return layout;
  const next = mapped(comments, change);
  return next === comments ? layout : { ...layout, comments: [...next] };
}

function checked(document: EditorDocument, layout: Layout, made: readonly string[]): Edited {
  const parsed = layoutSchema.safeParse(layout);
  if (!parsed.success) return { refused: parsed.error.issues[0]?.message ?? "It cannot lie there." };
  return { document: { ...document, layout }, made };
}
