/** A map over a list of so many numbers, whose body is one trivial step. */
import { input, item, map, step, workflow } from "../worker-sdk/src/index";

const each = step("each", (n: number) => n + 1);

export const mapping = workflow("mapping").timeline(
  map("all", input<{ items: number[] }>().items, each.with(item()), { concurrency: 100 }),
);
