/** The columns of the list: which there are, how wide each is, and the list of them as URL and browser keep it. */

const WIDTHS = {
  status: "124px",
  execution: "minmax(180px,1.3fr)",
  workflow: "minmax(140px,1fr)",
  version: "64px",
  error: "minmax(160px,1.2fr)",
  tags: "minmax(88px,0.7fr)",
  correlation: "minmax(120px,0.8fr)",
  started: "104px",
  closed: "104px",
  duration: "92px",
  events: "64px",
} as const;

export type ColumnName = keyof typeof WIDTHS;
export const COLUMN_NAMES = Object.keys(WIDTHS) as ColumnName[];
export const DEFAULT_COLUMNS: readonly ColumnName[] = [
  "status",
  "execution",
  "workflow",
  "error",
  "tags",
  "started",
  "duration",
];

/** It is the link to the execution, so it always shows. */
export const FIXED_COLUMN: ColumnName = "execution";

const NUMERIC: ReadonlySet<ColumnName> = new Set(["version", "started", "closed", "duration", "events"]);
export const isNumeric = (column: ColumnName) => NUMERIC.has(column);

const TICK_WIDTH = "16px";
const GAP_PX = 16;
const SIDES_PX = 48;

/** Of the grid that each row is. */
export function gridOf(columns: readonly ColumnName[], withTicks: boolean): string {
  return [...(withTicks ? [TICK_WIDTH] : []), ...columns.map((name) => WIDTHS[name])].join(" ");
}

/** Below this width the list scrolls sideways. */
export function leastWidth(columns: readonly ColumnName[], withTicks: boolean): number {
  const tracks = gridOf(columns, withTicks).split(" ");
  const px = tracks.reduce((sum, track) => sum + Number(/(\d+)px/.exec(track)?.[1] ?? 0), 0);
  return px + GAP_PX * (tracks.length - 1) + SIDES_PX;
}

/** The same for the columns that the server draws, as classes: a document of ours has no inline styles. */
export const DEFAULT_GRID = {
  plain: "grid-cols-[124px_minmax(180px,1.3fr)_minmax(140px,1fr)_minmax(160px,1.2fr)_minmax(88px,0.7fr)_104px_92px]",
  ticks:
    "grid-cols-[16px_124px_minmax(180px,1.3fr)_minmax(140px,1fr)_minmax(160px,1.2fr)_minmax(88px,0.7fr)_104px_92px]",
};

const isColumn = (name: string): name is ColumnName => Object.hasOwn(WIDTHS, name);

/** Names that are none are left out, each counts once, and the link is always there; null where none is named. */
export function readColumns(text: string | null | undefined): ColumnName[] | null {
  const names = [...new Set((text ?? "").split(","))].filter(isColumn);
  if (names.length === 0) return null;
  return names.includes(FIXED_COLUMN) ? names : [FIXED_COLUMN, ...names];
}

/** Null for the default, which needs not be kept. */
export function writeColumns(columns: readonly ColumnName[]): string | null {
  const text = columns.join(",");
  return text === DEFAULT_COLUMNS.join(",") ? null : text;
}

/** Where it stands by default among those that are there. */
export function withColumn(columns: readonly ColumnName[], name: ColumnName): ColumnName[] {
  const rank = COLUMN_NAMES.indexOf(name);
  const at = columns.findIndex((other) => COLUMN_NAMES.indexOf(other) > rank);
  return at === -1 ? [...columns, name] : columns.toSpliced(at, 0, name);
}

/** One place to the left (-1) or to the right (1); as it is where there is no place. */
export function moveColumn(columns: readonly ColumnName[], name: ColumnName, by: -1 | 1): readonly ColumnName[] {
  const from = columns.indexOf(name);
  const to = from + by;
  if (from === -1 || to < 0 || to >= columns.length) return columns;
  return columns.toSpliced(from, 1).toSpliced(to, 0, name);
}
