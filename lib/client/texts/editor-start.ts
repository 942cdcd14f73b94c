/** The texts of starting an execution from the editor. */
import { number } from "../format";

export const editorStartTexts = {
  title: (workflow: string) => `Start ${workflow}`,
  unpublished:
    "Nothing of it was published yet. An execution runs a version, so publish the draft first, or try it in the page.",
  newer: (version: number) =>
    `The draft is newer than version ${number(version)}. An execution runs a version, never a draft.`,
  startPublished: (version: number) => `Start v${version}`,
  publishAndStart: "Publish and start",
  mayNotPublish: "Your role does not publish. Ask a developer of the namespace.",
};
