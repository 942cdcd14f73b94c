/** The texts of the workflows' rooms. */
import { count, number } from "../format";

export const workflowTexts = {
  title: "Workflows",
  columns: { name: "Name", version: "Version", published: "Published", executions: "Executions", start: "Start" },
  tableLabel: "Published workflows",
  find: "Find a workflow",
  start: (name: string) => `Start ${name}`,
  startShort: "Start",
  end: (n: number) => count(n, "workflow"),
  noneTitle: "No workflow published yet",
  noneHint: "Draw one here, or let a worker publish its own when it starts. The example does, and runs one:",
  noneHintWorker: "A worker publishes its workflows when it starts. The example does, and runs one:",
  draft: "Draft",
  draftBy: (by: string) => `Changed by ${by}, not published`,
  draftOf: (workflow: string, by: string) => `Draft of ${workflow}, changed by ${by}`,
  unpublished: "Not published",

  noMatch: "No workflow matches",
  noMatchHint: "Names and descriptions are searched.",
  clear: "Show all",

  notFound: "There is no such workflow here",
  views: { graph: "Graph", definition: "Definition", changes: "Changes" },
  viewsLabel: "Views of the version",
  versions: "Versions",
  version: (n: number) => `v${n}`,
  latest: "latest",
  publishedBy: "Published by",
  hash: "Hash",
  copyHash: "Copy hash",
  executions: "Executions",
  allExecutions: "All its executions",
  noExecutions: "None yet",
  ofVersion: "Executions of this version",
  schedules: "Schedules",
  archive: "Archive",
  archiveTitle: (name: string) => `Archive ${name}`,
  archiveHint: (open: number) =>
    `No new execution can be started, schedules of it fail to start. ${
      open === 0 ? "None is open now." : `${count(open, "open execution")} go on.`
    } Publishing it again takes it back in.`,
  archiveSubmit: "Archive workflow",
  archived: "Archived.",

  graphLabel: (name: string) => `Graph of ${name}`,
  nodeLabel: (id: string, type: string, mark: string) => `${id}, ${type}${mark}`,
  body: (n: number) => `${count(n, "node")} inside`,
  marks: { added: "Added", changed: "Changed", removed: "Removed" },
  nodeTitle: "Node",
  drawFailed: "The graph cannot be drawn",
  nothingChosen: "Choose a node to see how it is defined.",

  edit: "Edit",
  view: "Open in the editor",
  draftThere: (base: number | null) =>
    base === null
      ? "There is a draft that was never published."
      : `There is a draft of v${base} that is not published.`,
  openDraft: "Open the draft",
  restore: (version: number) => `Restore v${version} as a draft`,
  restoreShort: "Restore as a draft",
  restoreHint: (version: number) =>
    `The draft will say what v${version} says. Nothing is published by that; edit it, and publish it as the next version.`,
  restoreOver: (by: string) => `${by} has a draft with changes that are not published. They will be gone.`,
  restoreSubmit: "Restore",
  restored: (version: number) => `The draft says what v${version} says.`,
  compareShort: "Compare with the latest",
  versionMenu: (version: number) => `What to do with v${version}`,
  copyHashShort: "Copy hash",

  compareWith: "Compared with",
  firstVersion: "This is the first version: there is nothing to compare it with.",
  same: "Both versions say the same.",
  summary: (added: number, changed: number, removed: number, edges: number) =>
    `Nodes: ${number(added)} added, ${number(changed)} changed, ${number(removed)} removed. ${
      edges === 0 ? "The same edges." : `${count(edges, "edge")} changed.`
    }`,
  added: "Added",
  removed: "Removed",
  changed: "Changed",
  edges: "Edges",
  edge: (from: string, port: string, to: string) => `${from} — ${port} → ${to}`,
  before: "Before",
  after: "After",
  cut: "More changes are not listed.",
  definitionTitle: "Definition",
  definitionOf: (version: number) => `Definition of v${version}`,
  nodeOf: (id: string) => `Node ${id}`,
  settings: "The workflow itself",
  legend: "What the marks say",
  copyDefinition: "Copy definition",
  download: "Download",
};

export const newWorkflowTexts = {
  button: "New workflow",
  title: "New workflow",
  lead: "You draw a draft. Executions run what is published of it.",
  name: "Name",
  nameHint: "Letters, digits, dots, dashes and underscores. It stays as it is.",
  namePlaceholder: "order_intake",
  nameMissing: "Give it a name.",
  nameWrong:
    "A name has letters, digits, dots, dashes and underscores, and begins with none of the marks but an underscore.",
  published: "There is a workflow of that name.",
  drafted: "There is a draft of that name.",
  openIt: (name: string) => `Edit ${name}`,
  beginWith: "Begin with",
  blank: "Nothing",
  blankSentence: "An empty canvas.",
  submit: "Open in the editor",
};
