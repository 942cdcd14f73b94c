/** The texts of what is typed in the editor: expressions, the definition as JSON, files taken in and given out. */

export const codeTexts = {
  leaveHint: "Tab indents. Press Escape and then Tab to leave.",
};
