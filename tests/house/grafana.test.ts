// The dashboard can be imported as it is: it asks for its data source, and no two of its panels lie upon each other.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets?: { expr: string; refId: string; datasource: { uid: string } }[];
}

const path = fileURLToPath(new URL("../../deploy/grafana/cerebelum.json", import.meta.url));
const dashboard: { id: null; uid: string; templating: { list: { name: string; type: string }[] }; panels: Panel[] } =
  JSON.parse(readFileSync(path, "utf8"));
const panels = dashboard.panels.filter(({ type }) => type !== "row");

describe("the dashboard", () => {
  it("has rows for every part, in order", () => {
    const rows = dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    expect(rows).toEqual(["Overview", "Throughput and latency", "Queues and workers", "Engine", "HTTP", "Process"]);
  });

  it("belongs to no Grafana yet, and asks for its data source", () => {
    expect(dashboard.id).toBeNull();
    expect(dashboard.templating.list.find(({ type }) => type === "datasource")?.name).toBe("datasource");
    for (const { title, datasource, targets = [] } of panels)
      for (const { uid } of [datasource, ...targets.map((target) => target.datasource)].flatMap((it) => it ?? []))
        expect(uid, title).toBe(`$${"{datasource}"}`);
  });

  it("names each panel and query once, and asks something in each", () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { title, targets = [] } of panels) {
      expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
      for (const { expr } of targets) expect(isBalanced(expr), expr).toBe(true);
    }
  });

  it("lays no panel upon another, nor beyond the 24 columns", () => {
    const cells = new Set<string>();
    for (const { title, gridPos } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x, title).toBeLessThan(24);
          expect(cells.has(`${x} ${y}`), title).toBe(false);
          cells.add(`${x} ${y}`);
        }
  });
});

function isBalanced(expr: string): boolean {
  const open: string[] = [];
  const closes = new Map([
    [")", "("],
    ["]", "["],
    ["}", "{"],
  ]);
  for (const character of expr.replace(/"[^"]*"/g, "")) {
    if ("([{".includes(character)) open.push(character);
    else if (closes.has(character) && open.pop() !== closes.get(character)) return false;
  }
  return open.length === 0;
}
