/** The parts of a portable page: its elements by their ids, and how they are found in its text without drawing it. */

export const HISTORY_BLOCK = "history";
export const VERSIONS_BLOCK = "versions";
/** The last; it says that the file is whole. */
export const END_BLOCK = "end";

type Block = typeof HISTORY_BLOCK | typeof VERSIONS_BLOCK | typeof END_BLOCK;

/** What stands in the elements of that id, which is one in a page that nobody changed; of one that was cut off, what is there. */
export function blocksIn(page: string, id: Block): string[] {
  const element = new RegExp(`<script type="application/(?:gzip|json)" id="${id}">([^<]*)`, "g");
  return [...page.matchAll(element)].map((found) => found[1] ?? "");
}
