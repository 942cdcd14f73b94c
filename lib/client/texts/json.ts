/** The texts of a shown JSON value. */
import { count, number } from "../format";

export const jsonTexts = {
  items: (n: number) => count(n, "item"),
  fields: (n: number) => count(n, "field"),
  expand: "Expand",
  collapse: "Collapse",
  expandAll: "Expand all",
  collapseAll: "Collapse all",
  find: "Search in this value",
  matches: (at: number, total: number, capped: boolean) => `${number(at)} of ${number(total)}${capped ? "+" : ""}`,
  noMatch: "No match",
  previous: "Previous match",
  next: "Next match",
  download: "Download JSON",
  copyPath: (path: string) => `Copy path ${path}`,
  copyValue: "Copy this value",
  wholeText: (characters: number) => `Show all ${number(characters)} characters`,
};
