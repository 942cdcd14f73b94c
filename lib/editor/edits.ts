/**
 * Everything that can be done to a workflow in the editor, as data; and what it makes of a document. Pure: the same edit on
 * the same document gives the same. What the schema would refuse is refused with a sentence, and changes nothing.
 */
import type { Definition, Edge, Node } from "../contract/definition";
import {
  type Clip,
  type Comment,
  draftDefinitionSchema,
  type Layout,
  layoutSchema,
  type Point,
} from "../contract/drafts";
import type { JsonValue } from "../contract/json";
import { paste } from "./clipboard";
import { connect, insertNode, reconnect, setLoop } from "./connect";
import type { EdgeRef, Edited, EditorDocument, Path, Scope } from "./document";
import { addComment, moved, setComment, tidied, withFold, withoutComments } from "./layout";
import { addNode, type Outlet, remove, unfoldBody } from "./nodes";
import { renameNode } from "./rename";
import { setInNode, setInWorkflow } from "./set-field";

export type Edit =
  /** `after`: it follows that outcome of a node; `before`: it leads to that node. */
  | { type: "add-node"; scope: Scope; node: Node; after?: Outlet; before?: string; at?: Point }
  /** The `+` of an edge. */
  | { type: "insert-node"; scope: Scope; edge: EdgeRef; node: Node }
  /** `heal`: what led to a node leads on to what came after it. */
  | { type: "remove"; nodes: string[]; edges: { scope: Scope; edge: EdgeRef }[]; comments?: string[]; heal?: boolean }
  | { type: "rename-node"; node: string; to: string }
  /** A field of a node by its path; no value takes it out. */
  | { type: "set-node"; node: string; path: Path; value?: JsonValue }
  | { type: "set-workflow"; path: Path; value?: JsonValue }
  /** A map's body that is one task becomes a graph with that task. */
  | { type: "unfold-body"; node: string }
  /** Where it leads back it becomes a loop edge. */
  | { type: "connect"; scope: Scope; edge: EdgeRef }
  | { type: "reconnect"; scope: Scope; edge: EdgeRef; to: EdgeRef }
  | { type: "set-loop"; scope: Scope; edge: EdgeRef; loop: Edge["loop"] | null }
  | { type: "paste"; scope: Scope; clip: Clip; at?: Point }
  | { type: "move"; places: { [node: string]: Point }; comments?: { [comment: string]: Point } }
  /** Forgets where these lie, so that they are laid out again; none named: all. */
  | { type: "tidy"; nodes?: string[] }
  | { type: "fold"; node: string; folded: boolean }
  | { type: "add-comment"; comment: Comment }
  | { type: "set-comment"; comment: string; change: Partial<Omit<Comment, "id">> }
  /** Several as one, each on what those before it made: done and undone together, or refused together. */
  | { type: "all"; edits: readonly Edit[] }
  /** From the JSON view, a file, an older version or somebody else's draft. */
  | { type: "replace"; definition: Definition; layout?: Layout };

export function applyEdit(document: EditorDocument, edit: Edit): Edited {
  const edited = editedBy(document, edit);
  return "refused" in edited || JUDGED.has(edit.type) ? edited : whole(edited);
}

/** These judge what they touch themselves, and touch nothing else: they come with every key that is pressed. */
const JUDGED: ReadonlySet<Edit["type"]> = new Set([
  ...(["set-node", "set-workflow", "set-comment", "move", "tidy", "fold"] as const),
  "all",
]);

/** However large it grew, and wherever it was led, the schema has the last word. */
function whole(edited: Extract<Edited, { document: EditorDocument }>): Edited {
  const { definition, layout } = edited.document;
  const issues =
    draftDefinitionSchema.safeParse(definition).error?.issues ?? layoutSchema.safeParse(layout).error?.issues;
  return issues === undefined ? edited : { refused: issues[0]?.message ?? "It cannot be like that." };
}

function editedBy(document: EditorDocument, edit: Edit): Edited {
  switch (edit.type) {
    case "add-node":
      return addNode(document, edit);
    case "insert-node":
      return insertNode(document, edit);
    case "remove":
      return withoutComments(remove(document, edit), edit.comments ?? []);
    case "rename-node":
      return renameNode(document, edit.node, edit.to);
    case "set-node":
      return setInNode(document, edit.node, edit.path, edit.value);
    case "set-workflow":
      return setInWorkflow(document, edit.path, edit.value);
    case "unfold-body":
      return unfoldBody(document, edit.node);
    case "connect":
      return connect(document, edit.scope, edit.edge);
    case "reconnect":
      return reconnect(document, edit.scope, edit.edge, edit.to);
    case "set-loop":
      return setLoop(document, edit.scope, edit.edge, edit.loop);
    case "paste":
      return paste(document, edit.scope, edit.clip, edit.at);
    case "move":
      return moved(document, edit.places, edit.comments ?? {});
    case "tidy":
      return tidied(document, edit.nodes);
    case "fold":
      return withFold(document, edit.node, edit.folded);
    case "add-comment":
      return addComment(document, edit.comment);
    case "set-comment":
      return setComment(document, edit.comment, edit.change);
    case "all":
      return all(document, edit.edits);
    case "replace":
      return { document: { definition: edit.definition, layout: edit.layout ?? document.layout }, made: [] };
  }
}

function all(document: EditorDocument, edits: readonly Edit[]): Edited {
  let present = document;
  const made: string[] = [];
  for (const each of edits) {
    const edited = applyEdit(present, each);
    if ("refused" in edited) return edited;
    present = edited.document;
    made.push(...edited.made);
  }
  return { document: present, made };
}
