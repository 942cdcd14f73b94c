/** The texts of what is typed in the editor: expressions, the definition as JSON, files taken in and given out. */
import { count } from "../format";

export const codeTexts = {
  leaveHint: "Tab indents. Press Escape and then Tab to leave.",
  mayBeMissing: "may be missing",
  mayBeMissingLong: (name: string) => `${name} may not be there: ask with has() first.`,

  typed: (name: string, type: string) => `${name}: ${type}`,

  field: {
    expression: "Expression",
    isExpression: "This is an expression. Make it text",
    isText: "This is text. Make it an expression",
    always: "Always an expression",
    gives: "gives",
    noValue: "No value with that execution:",
    notJson: "Not kept: this is no JSON yet.",
  },

  samples: {
    label: "Values from an execution",
    none: "No values",
    noneHint: "Types only",
    find: "Find an execution",
    empty: "No execution begins like that",
    failed: "Its history could not be read.",
  },

  json: {
    title: "Definition as JSON",
    applied: "Same as the draft",
    typing: "Not taken over yet",
    invalid: (errors: number) => `Not taken over: ${count(errors, "error")}. The draft stays as it was.`,
    readOnly: "Read-only",
    drop: "Drop these changes",
    format: "Format",
    formatHint: "Format (Shift+Alt+F)",
    copy: "Copy JSON",
  },

  file: {
    title: "Import a definition",
    hint: (workflow: string) =>
      `What is in the file takes the place of the draft of ${workflow}. It can be undone, and nothing is published.`,
    submit: "Replace the draft",
    choose: "Choose a JSON file, or drop one here",
    tooLarge: "This file is larger than any definition can be.",
    withLayout: "with its layout",
    otherName: (name: string, workflow: string) => `The file calls it ${name}; here it stays ${workflow}.`,
    errors: (errors: number) => `It has ${count(errors, "error")}, which must be corrected before it is published.`,
    done: "Taken in from the file.",
  },
};
