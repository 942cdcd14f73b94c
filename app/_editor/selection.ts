/** What is selected in the editor: nodes, edges and comments; what of it is gone is selected no more. */
import { type EdgeRef, type EditorDocument, edgesByEnds, everyId, graphAt, type Scope } from "@/lib/editor/document";

export interface SelectedEdge {
  readonly scope: Scope;
  readonly edge: EdgeRef;
}

export interface Selection {
  readonly nodes: readonly string[];
  readonly edges: readonly SelectedEdge[];
  readonly comments: readonly string[];
}

export const NOTHING: Selection = { nodes: [], edges: [], comments: [] };

export const onlyNodes = (...nodes: string[]): Selection => ({ ...NOTHING, nodes });

export function isNothing({ nodes, edges, comments }: Selection): boolean {
  return nodes.length + edges.length + comments.length === 0;
}

/** What was selected under one id is selected under another. */
export function renamedIn(selection: Selection, from: string, to: string): Selection {
  const name = (id: string) => (id === from ? to : id);
  return {
    ...selection,
    nodes: selection.nodes.map(name),
    edges: selection.edges.map(({ scope, edge }) => ({
      scope: scope === null ? null : name(scope),
      edge: { ...edge, from: name(edge.from), to: name(edge.to) },
    })),
  };
}

/** The same object where all of it is still there. */
export function stillThere(selection: Selection, { definition, layout }: EditorDocument): Selection {
  if (isNothing(selection)) return selection;
  const ids = everyId(definition);
  const comments = new Set(layout.comments?.map(({ id }) => id));
  const next = {
    nodes: selection.nodes.filter((id) => ids.has(id)),
    edges: selection.edges.filter(({ scope, edge }) => {
      const graph = graphAt(definition, scope);
      return graph !== null && edgesByEnds(graph).has(`${edge.from} ${edge.port} ${edge.to}`);
    }),
    comments: selection.comments.filter((id) => comments.has(id)),
  };
  const isSame =
    next.nodes.length === selection.nodes.length &&
    next.edges.length === selection.edges.length &&
    next.comments.length === selection.comments.length;
  return isSame ? selection : next;
}
