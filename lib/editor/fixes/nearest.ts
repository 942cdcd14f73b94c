/** The name that was most likely meant. */

/** The closest of them that are close at all, the closest first. */
export function nearest(name: string, names: Iterable<string>, most = 2): string[] {
  const near = [...new Set(names)]
    .filter((each) => each !== name)
    .map((each) => ({ each, far: farness(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, far }) => far <= Math.max(2, Math.max(name.length, each.length) / 3));
  return near
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ each }) => each);
}

/** How many letters must be added, taken out or changed (Wagner and Fischer). */
function farness(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
