/** Which rows are in the document: those in view and around it, and one more wherever it is. Pure. */

interface InView {
  startIndex: number;
  endIndex: number;
  overscan: number;
  count: number;
}

/** @param kept stays in the document however far it is from the view; -1: none */
export function rowsWith({ startIndex, endIndex, overscan, count }: InView, kept: number): number[] {
  const from = Math.max(0, startIndex - overscan);
  const to = Math.min(count - 1, endIndex + overscan);
  const rows = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  if (kept < 0 || kept >= count || (kept >= from && kept <= to)) return rows;
  return kept < from ? [kept, ...rows] : [...rows, kept];
}
