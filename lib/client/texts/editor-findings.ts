/** The texts of what the validator says in the editor. */
import { count } from "../format";

export const editorFindingsTexts = {
  label: "Findings",
  find: "Find in findings",
  judging: "Looking at the workflow",
  none: "Nothing to say",
  noneHint: "The workflow can be published as it is.",
  noMatch: "No finding matches.",
  all: "All",
  errors: "Errors",
  warnings: "Warnings",
  severity: { error: "Error", warning: "Warning" },
  shown: "Which findings",
  grouped: "By node",
  flat: "One list",
  order: "How they are listed",
  workflow: "The workflow itself",
  fix: (title: string) => `Fix: ${title}`,
  fixes: "Fixes",
  fixAll: (n: number) => `Fix ${n}`,
  fixAllHint: "Applies the fix of each finding that has exactly one. One undo takes all of them back.",
  fixed: (n: number) => (n === 0 ? "Nothing could be fixed any more." : `${count(n, "finding")} fixed.`),
  list: "Findings, errors first",
};
