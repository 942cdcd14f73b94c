/** Which entries of the palette a text means, the best first; pure. */

export interface Entry {
  /** Unique among all entries. */
  id: string;
  name: string;
  /** Also found by these, which are not shown. */
  words?: string;
}

/** Those in which each word of the text begins some word, or at least occurs; those whose name begins with the text come first. */
export function matching<T extends Entry>(entries: readonly T[], text: string): T[] {
  const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...entries];
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry, wanted) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ entry }) => entry);
}

/** 0: not meant. */
function rankOf({ name, words = "" }: Entry, wanted: readonly string[]): number {
  const shown = name.toLowerCase();
  const all = `${shown} ${words.toLowerCase()}`;
  if (!wanted.every((word) => all.includes(word))) return 0;
  if (shown.startsWith(wanted.join(" "))) return 3;
  const begun = all.split(/[^\p{L}\p{N}]+/u);
  return wanted.every((word) => begun.some((one) => one.startsWith(word))) ? 2 : 1;
}
