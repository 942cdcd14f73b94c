/**
 * What a person can do with what is selected, on the canvas and in the list alike: each is one edit of the document, and then
 * what is new has the selection and the focus.
 */
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import type { Point } from "@/lib/contract/drafts";
import { portsOf } from "@/lib/core/definition/ports";
import { editToAdd, freshNode, type Kind, type Spot, spotAfter } from "@/lib/editor/canvas/add";
import { type Alignment, type Axis, aligned, distributed, GRID, nudged } from "@/lib/editor/canvas/arrange";
import type { Box } from "@/lib/editor/canvas/ports";
import { clipOf, clipText, readClip } from "@/lib/editor/clipboard";
import { type EdgeRef, everyId, freshId, graphAt, isEdge, nodeOf, type Scope } from "@/lib/editor/document";
import type { Outlet } from "@/lib/editor/nodes";
import { toast } from "../../_ui/toast";
import { isNothing, NOTHING, onlyNodes, type Selection } from "../selection";
import type { EditorStore } from "../store";
import { commentNodeId } from "./elements";
import { focusNode } from "./focus";
import type { ScreenPoint, UiStore } from "./ui";

/** What a view knows of where things are. */
export interface Camera {
  /** Of these nodes, in the numbers of the document. */
  boxes(ids: readonly string[]): readonly Box[];
  /** Where in the graph that is shown the middle of the view is. */
  centre(): Point;
  /** Where on the screen something stands; the middle of the view where it is not drawn. */
  screen(id: string | null): ScreenPoint;
}

const COMMENT = { width: 220, height: 80 };
const BESIDE = 40;
const ARROWS: Record<string, Point> = {
  ArrowUp: { x: 0, y: -GRID },
  ArrowDown: { x: 0, y: GRID },
  ArrowLeft: { x: -GRID, y: 0 },
  ArrowRight: { x: GRID, y: 0 },
};

export class Commands {
  constructor(
    private readonly editor: EditorStore,
    private readonly ui: UiStore,
    private readonly camera: Camera,
  ) {}

  get selection(): Selection {
    return this.editor.state().selection;
  }

  get #isReadOnly(): boolean {
    return this.editor.state().isReadOnly;
  }

  /** The node that was selected last. */
  get #chosen(): string | undefined {
    return this.selection.nodes.at(-1);
  }

  /** The graph that what is selected lies in. */
  get scope(): Scope {
    const id = this.#chosen;
    const found = id === undefined ? null : nodeOf(this.editor.present.definition, id);
    return found === null ? this.ui.state().view : found.scope;
  }

  add(kind: Kind, spot: Spot): void {
    const document = this.editor.present;
    const made = this.editor.apply(editToAdd(document, spot, freshNode(document, kind)));
    if (made !== null) this.#choose(made);
  }

  /** Where something comes that is added without saying where. */
  spot(kind?: Kind): Spot {
    const id = this.#chosen;
    const edge = this.selection.edges.at(-1);
    if (id !== undefined) return spotAfter(this.editor.present, id, kind === "fail" || kind === "succeed");
    if (edge !== undefined) return { kind: "edge", ...edge };
    return { kind: "loose", scope: this.ui.state().view };
  }

  addAtSelection(kind: Kind): void {
    this.add(kind, this.spot(kind));
  }

  askToAdd(spot: Spot = this.spot()): void {
    if (this.#isReadOnly) return;
    const from = spot.kind === "after" ? spot.outlet : this.#outletOfChosen();
    const at = this.camera.screen(this.#chosen ?? null);
    this.ui.set({ ask: { kind: "add", spot, from, at } });
  }

  #outletOfChosen(): Outlet | null {
    const found = this.#chosen === undefined ? null : nodeOf(this.editor.present.definition, this.#chosen);
    const port = found && portsOf(found.node)[0];
    return found && port !== undefined && port !== null ? { node: found.node.id, port } : null;
  }

  askToConnect(): void {
    const node = this.#chosen;
    if (node === undefined || this.#isReadOnly) return;
    this.ui.set({ ask: { kind: "connect", node, port: null, at: this.camera.screen(node) } });
  }

  askToMoveEdge(): void {
    const node = this.#chosen;
    const found = node === undefined ? null : nodeOf(this.editor.present.definition, node);
    if (found === null || this.#isReadOnly) return;
    const { id } = found.node;
    this.ui.set({
      ask: { kind: "move-edge", node: id, scope: found.scope, edge: null, at: this.camera.screen(id) },
    });
  }

  connect(scope: Scope, edge: EdgeRef): void {
    if (this.editor.apply({ type: "connect", scope, edge }) !== null) this.#choose([edge.from]);
  }

  moveEdge(scope: Scope, edge: EdgeRef, target: string): void {
    const to = { ...edge, to: target };
    if (this.editor.apply({ type: "reconnect", scope, edge, to }) !== null) this.#choose([edge.from]);
  }

  setLoop(scope: Scope, edge: EdgeRef, isLoop: boolean): void {
    this.editor.apply({ type: "set-loop", scope, edge, loop: isLoop ? {} : null });
  }

  isLoop(scope: Scope, ref: EdgeRef): boolean {
    const graph = graphAt(this.editor.present.definition, scope);
    if (graph === null) return false;
    return graph.edges.some((edge) => edge.loop !== undefined && isEdge(edge, ref, graph));
  }

  /** @param heal what led to it leads on to what came after it */
  remove(heal = true): void {
    const { nodes, edges, comments } = this.selection;
    if (isNothing(this.selection)) return;
    const next = this.#neighbour();
    const done = this.editor.apply({
      type: "remove",
      nodes: [...nodes],
      edges: [...edges],
      comments: [...comments],
      heal,
    });
    if (done === null) return;
    if (next !== null) this.#choose([next]);
    else this.editor.select(NOTHING);
  }

  /** Who gets the focus when what is selected is gone. */
  #neighbour(): string | null {
    const gone = new Set(this.selection.nodes);
    const graph = graphAt(this.editor.present.definition, this.scope);
    const near = graph?.edges.flatMap(({ from, to }) => (gone.has(to) ? [from] : gone.has(from) ? [to] : [])) ?? [];
    return near.find((id) => !gone.has(id)) ?? null;
  }

  duplicate(): void {
    const text = this.copied();
    if (text !== null) this.paste(text);
  }

  /** What is selected as text; null: no node is. */
  copied(): string | null {
    const scope = this.scope;
    const clip = clipOf(this.editor.present, scope, new Set(this.selection.nodes));
    return clip === null ? null : clipText(clip);
  }

  /** @returns whether it was a copy of nodes */
  paste(text: string): boolean {
    const clip = readClip(text);
    if (clip === null) return false;
    const first = clip.nodes.map(({ id }) => clip.places?.[id]).find((place) => place !== undefined);
    const at = first && { at: { x: first.x + BESIDE, y: first.y + BESIDE } };
    const made = this.editor.apply({ type: "paste", scope: this.scope, clip, ...at });
    if (made !== null) this.#choose(made);
    return true;
  }

  rename(id = this.#chosen): void {
    if (id !== undefined && !this.#isReadOnly) this.ui.set({ renaming: id });
  }

  selectAll(): void {
    const view = this.ui.state().view;
    const graph = graphAt(this.editor.present.definition, view);
    const comments = this.editor.present.layout.comments ?? [];
    this.editor.select({
      nodes: graph?.nodes.map(({ id }) => id) ?? [],
      edges: [],
      comments: comments.filter(({ inside }) => (inside ?? null) === view).map(({ id }) => id),
    });
  }

  selectNothing(): void {
    this.editor.select(NOTHING);
  }

  align(to: Alignment): void {
    this.#move(aligned(this.#boxes(), to));
  }

  distribute(axis: Axis): void {
    this.#move(distributed(this.#boxes(), axis));
  }

  /** @param arrow the name of its key */
  nudge(arrow: string): void {
    const by = ARROWS[arrow];
    if (by === undefined) return;
    const chosen = new Set(this.selection.comments);
    const comments = (this.editor.present.layout.comments ?? []).filter(({ id }) => chosen.has(id));
    const moved = comments.map(({ id, x, y }) => [id, { x: x + by.x, y: y + by.y }] as const);
    this.#move(nudged(this.#boxes(), by), Object.fromEntries(moved));
  }

  #boxes(): readonly Box[] {
    return this.camera.boxes(this.selection.nodes);
  }

  #move(places: { [id: string]: Point }, comments: { [id: string]: Point } = {}): void {
    if (Object.keys(places).length + Object.keys(comments).length > 0)
      this.editor.apply({ type: "move", places, comments });
  }

  tidy(nodes?: readonly string[]): void {
    if (this.editor.apply({ type: "tidy", ...(nodes && { nodes: [...nodes] }) }) !== null && nodes === undefined)
      toast.told(words.tools.tidied);
  }

  toggleFold(id = this.#chosen): void {
    const found = id === undefined ? null : nodeOf(this.editor.present.definition, id);
    if (found?.node.type !== "map") return;
    if (!("nodes" in found.node.body)) this.makeGraph(found.node.id);
    else {
      const isFolded = this.editor.present.layout.folded?.includes(found.node.id) === true;
      this.editor.apply({ type: "fold", node: found.node.id, folded: !isFolded });
    }
  }

  makeGraph(id: string): void {
    const made = this.editor.apply({ type: "unfold-body", node: id });
    if (made !== null) this.#choose(made);
  }

  /** Into the selected map; out of the one that is shown where none is selected. */
  enterOrLeave(): void {
    const { definition } = this.editor.present;
    const found = this.#chosen === undefined ? null : nodeOf(definition, this.#chosen);
    if (found?.node.type === "map" && "nodes" in found.node.body) this.ui.set({ view: found.node.id });
    else this.leave();
  }

  leave(): void {
    const { view } = this.ui.state();
    if (view === null) return;
    this.ui.set({ view: nodeOf(this.editor.present.definition, view)?.scope ?? null });
    this.#choose([view]);
  }

  addComment(at: Point = this.camera.centre()): void {
    const { view } = this.ui.state();
    const { comments = [] } = this.editor.present.layout;
    const id = freshId(
      new Set([...comments.map((each) => each.id), ...everyId(this.editor.present.definition)]),
      "note",
    );
    const place = { x: Math.round(at.x), y: Math.round(at.y) };
    const comment = { id, text: "", ...place, ...COMMENT, ...(view !== null && { inside: view }) };
    if (this.editor.apply({ type: "add-comment", comment }) === null) return;
    this.editor.select({ ...NOTHING, comments: [id] });
    this.ui.set({ writing: id });
  }

  #choose(ids: readonly string[]): void {
    const last = ids.at(-1);
    if (last !== undefined) this.editor.reveal(last);
    if (ids.length !== 1) this.editor.select(onlyNodes(...ids));
    if (last !== undefined) focusNode(last);
  }

  focusChosen(): void {
    const comment = this.selection.comments.at(-1);
    const id = this.#chosen ?? (comment === undefined ? undefined : commentNodeId(comment));
    if (id !== undefined) focusNode(id);
  }
}
