/** The texts of the editor's forms; what a field is for is said by the definition's schema. */
import type { FieldGroup } from "@/lib/editor/fields/form-fields";
import type { RetryPauses } from "@/lib/editor/fields/retry-pauses";
import type { MemberType } from "@/lib/editor/fields/schema-members";
import { count, number, roundDuration } from "../format";
import { nodeTypeTexts } from "./node-types";

/** Where the name in the format, in words, would not do. */
const labels: { readonly [name: string]: string } = {
  when: "Condition",
  port: "Outcome",
  ports: "Extra outcomes",
  until: "Until",
  initialInterval: "First pause",
  maxInterval: "Longest pause",
  backoff: "Grows by",
  maxAttempts: "Attempts",
  nonRetryable: "Never tried again",
  attempt: "One attempt",
  heartbeat: "Between heartbeats",
  total: "All attempts together",
  keepLosers: "Let the others run on",
  join: "Runs when",
  sticky: "Same worker as before",
  concurrencyKey: "Concurrency key",
  concurrencyLimit: "At once for one key",
  inputSchema: "Input",
  onCancel: "When this step ends early",
  wait: "Wait for it to end",
  url: "Address",
  form: "Form of the answer",
  workflow: "Workflow",
  retry: "Retry",
  timeout: "Timeout",
  poll: "Poll",
  compensate: "Undo",
  defaults: "Defaults of all nodes",
  maxIterations: "At most this many turns",
  carry: "Carries over",
  from: "From",
  to: "Leads to",
};

function label(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return labels[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const memberTypes: { readonly [type in MemberType]: string } = {
  string: "Text",
  text: "Long text",
  number: "Number",
  integer: "Whole number",
  boolean: "Yes or no",
  choice: "One of",
  email: "E-mail",
  date: "Date",
  "date-time": "Date and time",
  list: "List of texts",
  object: "Object",
};

const groups: { readonly [group in FieldGroup]: string } = {
  main: "What it does",
  failure: "When it fails",
  routing: "Routing",
  advanced: "Advanced",
};

export const editorInspectorTexts = {
  types: nodeTypeTexts,
  label,
  groups,
  memberTypes,
  fieldsOf: (what: string) => `Settings of ${what}`,

  rename: "Rename",
  renameHint: "Edges and expressions follow.",
  nodeId: "Id",
  keys: "Settings",
  showIn: (map: string) => `In the map ${map}`,
  leadsHere: "Leads here",
  leadsTo: "Leads to",
  begins: "Begins with the execution",
  ends: "Ends there",
  jumpTo: (node: string) => `Go to ${node}`,
  toEdge: (from: string, to: string) => `Edge from ${from} to ${to}`,

  none: "None",
  notSet: (value: string | null) => (value === null ? "Not set" : `Default: ${value}`),
  add: "Add",
  remove: "Remove",
  removeNamed: (what: string) => `Remove ${what}`,
  moveUp: (what: string) => `Move ${what} up`,
  moveDown: (what: string) => `Move ${what} down`,
  drag: (what: string) => `Move ${what}: Alt with an arrow, or drag`,
  item: (name: string, n: number) => (name === "cases" ? `Case ${n}` : `${label(name)} ${n}`),
  on: "On",
  off: "Off",
  asJson: "JSON",
  asForm: "Form",
  asList: "List",
  asExpression: "Expression",
  preview: "Preview",
  moreOf: (what: string) => `More of ${what.toLowerCase()}`,
  suggestions: "Suggestions",
  sources: { worker: "a worker runs it", here: "used here", queue: "queue" },
  name: "Name",
  value: "Value",
  mixed: "Different values",

  join: {
    all: "All edges that lead here are decided",
    any: "The first edge is taken",
    number: "A number of edges are taken",
    count: "Number of edges",
    of: (n: number) => (n === 1 ? "One edge leads here." : `${number(n)} edges lead here.`),
  },

  retry({ maxAttempts, pausesMs, hasMore, jitter }: RetryPauses): string {
    if (maxAttempts === 1) return "Tried once, and never again.";
    const pauses = pausesMs.map((ms) => (ms === 0 ? "at once" : `${roundDuration(ms)}`));
    const after = pauses.every((pause) => pause === "at once") ? "at once" : `after ${pauses.join(", ")}`;
    const spread = jitter > 0 ? `, give or take ${number(jitter * 100)} %` : "";
    return `At most ${count(maxAttempts, "attempt")}, ${after}${hasMore ? ", …" : ""}${spread}.`;
  },
  retryTotal: (all: string) => `Pauses take ${all} together.`,
  notDurations: "One of the pauses is no duration.",

  sleep: { label: "How long", duration: "For a time", until: "Until an instant" },
  fail: { label: "With", own: "Its own error", rethrow: "The error of a step" },
  assignees: {
    hint: "Everyone who may decide, where nobody is named.",
    roles: "Role",
    placeholder: "Member, e-mail or role",
  },
  body: {
    task: "One task an item",
    graph: (n: number) => `A graph of ${count(n, "node")}`,
    edit: "Edit body",
    unfold: "Make it a graph",
    unfoldHint: "Then the task stands in a graph of its own, to which more can be added.",
  },
  child: {
    latest: "The latest when the step begins",
    version: (n: number) => `Version ${n}`,
    unknown: "No workflow of this name is published yet.",
    open: "Open this workflow",
    inputOf: (workflow: string) => `What ${workflow} asks for`,
  },
  schema: {
    empty: "Nothing is asked for.",
    rich: "This schema says more than the list can show: edit it as JSON.",
    type: "Type",
    title: "Title",
    required: "Required",
    options: "Options, one a line",
    addMember: "Add a field",
    previewHint: "What a person will see. Nothing is sent.",
    member: (name: string) => `Field ${name}`,
    nameTaken: "Another field is called so, or it is no name.",
  },

  edge: {
    title: "Edge",
    makeLoop: "Goes round",
    makeLoopHint: "It leads back to a node before it, or to the node itself.",
    remove: "Remove edge",
  },
  edges: (n: number) => count(n, "edge"),
  many: {
    title: (n: number) => `${number(n)} nodes selected`,
    things: (n: number) => `${number(n)} things selected`,
    common: "What they have in common. A change holds for all of them, and is undone as one.",
    nothing: "They have nothing in common that could be set here.",
    remove: "Remove",
  },
  comment: { title: "Comment", text: "Text", remove: "Remove comment" },
  workflow: {
    title: "Workflow",
    nothingSelected: "Select a node or an edge to edit it.",
  },
};
