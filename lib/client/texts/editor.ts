/** The texts of the editor's frame; each of its parts has its own. */
import { count } from "../format";

export const editorTexts = {
  room: "Workflows",
  editTitle: (workflow: string) => `Edit ${workflow}`,
  notFound: "There is no such workflow here",
  views: { canvas: "Canvas", list: "List", json: "JSON", typescript: "TypeScript" },
  viewsLabel: "Views of the workflow",
  inspector: "Settings of what is selected",
  closeInspector: "Close settings",
  openInspector: "Settings",
  keys: "Editor",
  undo: "Undo",
  redo: "Redo",
  save: "Save now",
  try: "Try",
  tryIt: "Try it in the page",
  backtest: "Backtest",
  publish: "Publish",
  start: "Start an execution",
  more: "More",
  importFile: "Import a file",
  exportJson: "Export the definition",
  exportWithLayout: "Export with its layout",
  discard: "Discard the draft",
  discardTitle: "Discard the draft",
  discardHint: (version: number | null) =>
    version === null
      ? "Nothing of this workflow was published: it will be gone."
      : `The latest version stays as it is; what the draft changed since version ${version} will be gone.`,
  discardSubmit: "Discard draft",
  discarded: "Draft discarded.",
  versions: "Versions and executions",
  dock: {
    label: "Findings, trial and backtest",
    findings: "Findings",
    trial: "Trial",
    backtest: "Backtest",
    close: "Close panel",
    resize: "Height of the panel",
  },
  readOnly: "You may look at this workflow. Publishing and editing need the role of a developer.",
  saving: {
    saved: (base: number | null) => (base === null ? "Draft saved" : `Draft of v${base} saved`),
    published: (version: number) => `As published, v${version}`,
    unsaved: "Not saved yet",
    saving: "Saving",
    failed: "Not saved: trying again",
    conflict: "Waits for a choice",
    gone: "The draft was discarded",
    off: "Read-only",
    blank: "New, not saved yet",
  },
  merged: (by: string) => `Changes of ${by} came in.`,
  mergedUnknown: "Changes from elsewhere came in.",
  leaveUnsaved: "The last changes are not saved yet.",
  findingsCount: (errors: number, warnings: number) =>
    [errors > 0 ? count(errors, "error") : "", warnings > 0 ? count(warnings, "warning") : ""]
      .filter((part) => part !== "")
      .join(", ") || "No findings",
};
