/** The texts of the canvas and the list of the workflow editor. */
import type { NodeType } from "@/lib/contract/definition";
import type { Alignment, Axis } from "@/lib/editor/canvas/arrange";
import type { MarkKind } from "@/lib/editor/canvas/summary";
import { count } from "../format";
import { nodeTypeTexts } from "./node-types";

const alignments: Record<Alignment, string> = {
  left: "Align left",
  centre: "Align centres",
  right: "Align right",
  top: "Align top",
  middle: "Align middles",
  bottom: "Align bottom",
};

const axes: Record<Axis, string> = { x: "Distribute across", y: "Distribute down" };

const marks: Record<MarkKind, (value: string) => string> = {
  retry: (value) => `At most ${value} attempts`,
  timeout: (value) => `Times out after ${value}`,
  poll: (value) => `Asks again every ${value}`,
  compensate: (value) => `Undone by ${value}`,
};

export const canvasTexts = {
  label: "Workflow as a graph",
  types: nodeTypeTexts,
  groups: { work: "Work", flow: "Decide and repeat", wait: "Wait", end: "End" },
  palette: {
    title: "Nodes",
    label: "Kinds of nodes",
    hint: "Drag onto the canvas, or click to add after what is selected.",
    hide: "Hide the list of nodes",
    show: "Add nodes",
    add: (type: string) => `Add ${type}`,
  },
  marks,
  join: {
    any: "any",
    some: (needed: number, of: number) => `${needed} of ${of}`,
    anyTitle: "Runs at the first edge that is taken",
    someTitle: (needed: number) => `Runs once ${count(needed, "edge")} ${needed === 1 ? "is" : "are"} taken`,
    keeps: "; the others go on",
  },
  body: (nodes: number) => count(nodes, "node"),
  foldMap: (id: string) => `Fold ${id}`,
  unfoldMap: (id: string) => `Unfold ${id}`,
  enterMap: (id: string) => `Open ${id} alone`,
  makeGraph: (id: string) => `Make a graph of ${id}`,
  findings: (errors: number, warnings: number) =>
    [errors > 0 ? count(errors, "error") : "", warnings > 0 ? count(warnings, "warning") : ""]
      .filter((part) => part !== "")
      .join(", "),
  finds: (all: number) => count(all, "finding"),
  nodeLabel: (parts: {
    id: string;
    type: NodeType;
    edgesIn: number;
    ports: readonly { port: string; to: readonly string[] }[];
    findings: number;
    status: string | null;
    body: string | null;
  }) =>
    [
      [
        parts.id,
        nodeTypeTexts[parts.type].name.toLowerCase(),
        parts.edgesIn === 0 ? "begins" : `${count(parts.edgesIn, "edge")} in`,
        parts.body,
        parts.status,
      ]
        .filter((part) => part !== null)
        .join(", "),
      ...parts.ports.map(({ port, to }) =>
        to.length === 0 ? `${port}: not connected` : `${port} to ${to.join(" and ")}`,
      ),
      ...(parts.findings === 0 ? [] : [count(parts.findings, "finding")]),
    ].join("; "),
  bodyLabel: { unfolded: "unfolded", folded: "folded", short: "one task" },
  edgeLabel: (from: string, port: string, to: string, isLoop: boolean) =>
    `${isLoop ? "Loop" : "Edge"} from ${from}, ${port}, to ${to}`,
  port: (node: string, port: string) => `${port} of ${node}`,
  portWhen: (port: string, when: string | null) => (when === null ? port : `${port}: ${when}`),
  into: (node: string) => `Into ${node}`,
  loopAtMost: (times: number) => `≤ ${times}×`,
  insertHere: "Add a node here",
  insertOn: (from: string, to: string) => `Add a node between ${from} and ${to}`,
  keys: "Canvas",
  key: {
    walk: "Walk along the edges",
    nudge: "Move by the grid (Alt and an arrow)",
    addAfter: "Add after the selected node",
    add: "Add a node",
    connect: "Connect the selected node",
    open: "Open the settings",
    rename: "Rename",
    remove: "Delete, and join what is left",
    copy: "Copy",
    cut: "Cut",
    paste: "Paste",
    duplicate: "Duplicate",
    all: "Select all",
    none: "Select nothing",
    find: "Find",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Show all",
    zoomTo: "Zoom to the selection",
    map: "Overview map",
    comment: "Write a comment",
    fold: "Fold or unfold the map",
    enter: "Open the map alone, or leave it",
    menu: "Menu",
  },
  tools: {
    label: "View of the canvas",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Show all",
    zoomTo: "Zoom to the selection",
    tidy: "Tidy up",
    tidyHint: "Tidy up: forget what was moved by hand",
    tidied: "Laid out anew. Undo brings the places back.",
    map: "Overview map",
    find: "Find",
    comment: "Write a comment",
  },
  trail: "Where this graph is",
  leave: (id: string) => `Back to ${id}`,
  quick: {
    title: "Add a node",
    after: (node: string, port: string | null) => (port === null ? `After ${node}` : `After ${node}, on ${port}`),
    into: (from: string, to: string) => `Between ${from} and ${to}`,
    loose: "Beside the others",
    placeholder: "Search types, tasks and nodes",
    list: "What can be added",
    kinds: "New node",
    tasks: "Task of this workflow",
    connect: "Connect to",
    none: (text: string) => `Nothing is called “${text}”.`,
    newTask: (name: string) => `Task ${name}`,
    loop: "loop",
    close: "Close",
  },
  connect: {
    title: "Connect",
    from: (node: string) => `From ${node}`,
    port: (node: string, port: string) => `From ${node}, on ${port}`,
    whichPort: "On which outcome?",
    whichNode: "To which node?",
    nothing: "There is nothing to connect it to.",
    leadsTo: (to: readonly string[]) => `to ${to.join(", ")}`,
    open: "not connected",
  },
  move: {
    title: "Move an edge",
    whichEdge: "Which edge?",
    whichNode: "To which node instead?",
    edge: (from: string, port: string, to: string) => `${from}, ${port}, to ${to}`,
  },
  rename: { label: (id: string) => `New name of ${id}` },
  find: {
    label: "Find in the workflow",
    placeholder: "Ids, tasks, expressions",
    hits: (at: number, of: number) => (of === 0 ? "None" : `${at} of ${of}`),
    next: "Next",
    previous: "Previous",
    close: "Close",
  },
  comment: {
    label: (text: string) => `Comment: ${text === "" ? "empty" : text}`,
    edit: "Text of the comment",
    placeholder: "Write a comment",
    empty: "Empty comment",
    resize: "Resize",
  },
  menu: {
    addAfter: "Add after",
    addHere: "Add a node",
    connect: "Connect",
    moveEdge: "Move an edge",
    rename: "Rename",
    duplicate: "Duplicate",
    copy: "Copy",
    cut: "Cut",
    paste: "Paste",
    fold: "Fold",
    unfold: "Unfold",
    enter: "Open alone",
    makeGraph: "Make a graph of it",
    tidy: "Let the layout place it",
    tidyAll: "Tidy up",
    remove: "Delete",
    removePlain: "Delete with its edges",
    comment: "Write a comment",
    selectAll: "Select all",
    insert: "Add a node here",
    makeLoop: "Make it a loop",
    makePlain: "Lead on, no loop",
    editComment: "Write",
    open: "Settings",
    copyHint: "Press Ctrl+V to paste.",
  },
  align: alignments,
  distribute: axes,
  many: (nodes: number) => `${count(nodes, "node")} selected`,
  arrange: "Arrange what is selected",
  copied: (nodes: number) => `${count(nodes, "node")} copied as text.`,
  empty: {
    title: "An empty workflow",
    hint: "A workflow is nodes and the edges between them. What the first node gives, the next can read.",
    first: "Add the first node",
    template: "Or begin with a template",
    import: "Import a definition",
    readOnly: "Nothing was drawn here yet.",
  },
  flow: {
    nodeHint:
      "Arrows walk along the edges. Tab adds a node after the selected one. Enter selects it, Escape selects nothing, and then Tab goes on.",
    edgeHint: "Enter selects the edge; then Tab adds a node in it, and Delete takes it away.",
    moved: (direction: string) => `Moved ${direction}.`,
    minimap: "Overview map",
    handle: "Outcome",
  },
  list: {
    label: "Nodes in the order in which they run",
    add: "Add a node",
    begins: "begins",
    after: (parts: readonly string[]) => `after ${parts.join(", ")}`,
    source: (from: string, port: string | null) => (port === null ? from : `${from} (${port})`),
    loopFrom: (from: string) => `again after ${from}`,
    actions: (id: string) => `What can be done with ${id}`,
    addAfter: (id: string) => `Add a node after ${id}`,
    fold: (id: string) => `Fold ${id}`,
    unfold: (id: string) => `Unfold ${id}`,
    keys: "List",
    walk: "Walk the rows",
    foldKey: "Fold and unfold",
  },
};
