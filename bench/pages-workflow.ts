/** What the pages are measured on: five maps in a row over so many numbers, 100,000 events in all, and one that only hears signals. */
import { type AnyStep, type Definition, step } from "../worker-sdk/src/index";

const MAPS = [1, 2, 3, 4, 5];

export const longHistory: Definition = {
  name: "long_history",
  defaults: { queue: "bench_pages" },
  nodes: [
    { id: "list", type: "task", task: "list", input: "=input" },
    ...MAPS.map((n) => ({
      id: `all${n}`,
      type: "map" as const,
      items: "=steps.list.output",
      concurrency: 500,
      body: { task: "each" },
    })),
  ],
  edges: MAPS.map((n) => ({ from: n === 1 ? "list" : `all${n - 1}`, to: `all${n}` })),
};

export const ticking: Definition = {
  name: "ticking",
  nodes: [{ id: "hears", type: "signal", signal: "end" }],
  edges: [],
};

export const steps: AnyStep[] = [
  step("list", ({ count }: { count: number }) => Array.from({ length: count }, (_, i) => i)),
  step("each", () => null),
];
