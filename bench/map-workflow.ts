/** A map over so many numbers, whose body is one trivial step. They are no input: that goes with every task. */
import { item, map, step, workflow } from "../worker-sdk/src/index";

const list = step("list", ({ count }: { count: number }) => Array.from({ length: count }, (_, i) => i));
const each = step("each", (n: number) => n + 1);

export const mapping = workflow("mapping").timeline(list, map("all", each.with(item()), { concurrency: 100 }));
