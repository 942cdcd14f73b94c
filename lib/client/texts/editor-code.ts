/** The texts of what is typed in the editor: expressions, the definition as JSON, files taken in and given out. */
import { number } from "../format";

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
    with: (execution: string) => `With the values of ${execution}`,
    noValue: "No value with that execution:",
    notJson: "Not kept: this is no JSON yet.",
  },

  samples: {
    label: "Values from an execution",
    none: "No values",
    noneHint: "Types only",
    button: "Values",
    find: "Find an execution",
    empty: "No execution begins like that",
    loading: "Reading the history",
    failed: "Its history could not be read.",
    version: (version: number) => `v${number(version)}`,
  },
};
