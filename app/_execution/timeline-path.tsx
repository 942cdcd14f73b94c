"use client";
/** The critical path over the lines: under the time that each step gave to it, and down or up to the next. */
import { useMemo } from "react";
import type { CriticalPath } from "./critical-path";
import type { StepTree } from "./step-tree";
import { sees, type TimeScale } from "./time-scale";
import type { Line } from "./timeline-lines";

/** Ids of the lines that the path runs through, or that hold one. */
export function usePathLines(path: CriticalPath | null, tree: StepTree): ReadonlySet<string> | null {
  return useMemo(() => {
    if (path === null) return null;
    return new Set(
      path.steps.flatMap((key) => {
        const row = tree.byKey.get(key);
        return row ? [key, ...tree.around(row)] : [key];
      }),
    );
  }, [path, tree]);
}

interface PathLinesProps {
  path: CriticalPath;
  lines: readonly Line[];
  tree: StepTree;
  scale: TimeScale;
  columns: string;
  rowHeight: number;
  /** Indexes of the lines in view. */
  shown: { startIndex: number; endIndex: number } | null;
}

export function PathLines({ path, lines, tree, scale, columns, rowHeight, shown }: PathLinesProps) {
  const places = useMemo(() => placesOf(path, lines, tree), [path, lines, tree]);
  if (!shown) return null;
  const { startIndex, endIndex } = shown;
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 grid" style={{ gridTemplateColumns: columns }}>
      <span />
      <span className="relative overflow-hidden">
        {path.segments.map((segment, at) => {
          const line = places[at] ?? -1;
          const next = places.slice(at + 1, at + 3).find((index) => index !== -1) ?? -1;
          const x = scale.x(segment.from);
          const end = scale.x(segment.to);
          const inView = line >= startIndex && line <= endIndex && sees(scale, segment);
          const joins =
            next !== -1 &&
            line !== -1 &&
            next !== line &&
            Math.min(line, next) <= endIndex &&
            Math.max(line, next) >= startIndex;
          return (
            <span key={segment.from}>
              {inView && (
                <span
                  className="absolute h-0.5 rounded-full bg-accent"
                  style={{ left: percent(x), width: `max(2px, ${percent(end - x)})`, top: line * rowHeight + 23 }}
                />
              )}
              {joins && sees(scale, { from: segment.to, to: segment.to }) && (
                <span
                  className="absolute w-px bg-accent"
                  style={{
                    left: `min(${percent(end)}, 100% - 1px)`,
                    top: Math.min(line, next) * rowHeight + 23,
                    height: Math.abs(next - line) * rowHeight,
                  }}
                />
              )}
            </span>
          );
        })}
      </span>
      <span />
    </div>
  );
}

/** Of each segment the line that shows it, or the innermost shown one that it lies in; -1: none. */
function placesOf(path: CriticalPath, lines: readonly Line[], tree: StepTree): number[] {
  const indexes = new Map(lines.map(({ id }, index) => [id, index]));
  return path.segments.map(({ key }) => {
    if (key === null) return -1;
    const row = tree.byKey.get(key);
    const ids = row ? [...tree.around(row), key] : [key];
    const id = ids.findLast((one) => indexes.has(one));
    return id === undefined ? -1 : (indexes.get(id) ?? -1);
  });
}

const percent = (x: number) => `${x * 100}%`;
