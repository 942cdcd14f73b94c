/** The texts of the definition as TypeScript. */

export const typescriptTexts = {
  label: "The definition as TypeScript",
  timeline: "As one would write it with the SDK. Compiled, it gives this very definition.",
  literal: (why: string) => `As a literal, for a timeline cannot say it: ${why}`,
  writing: "Writing it as TypeScript",
  copy: "Copy the TypeScript",
  download: "Download",
  downloadAs: (file: string) => `Download ${file}`,
  emptyTitle: "No steps yet",
  empty: "Add a step, and its code stands here.",
  failedTitle: "It could not be written as TypeScript",
  retry: "Try again",
};
