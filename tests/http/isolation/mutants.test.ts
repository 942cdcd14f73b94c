// A server that forgot a route's permission, or a query's namespace, is noticed by the walk. All of it is in the soak project.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { weakerRights } from "./mutants";
import { survivors, Trial } from "./trial";

let trial: Trial;
beforeAll(async () => {
  trial = await Trial.open();
});
afterAll(() => trial?.close());

describe("the walk notices", () => {
  test("each route that lost its permission, or kept the least", { timeout: 120_000 }, async () => {
    const unnoticed: string[] = [];
    for (const operation of trial.operations)
      for (const right of weakerRights(operation.described))
        if ((await trial.withRight(operation, right)) === null) unnoticed.push(`${operation.name} with ${right}`);
    expect(unnoticed).toEqual([]);
  });

  test("a query that lost its namespace", { timeout: 120_000 }, async () => {
    const some = [
      "GET /api/v1/workflows/{name}",
      "GET /api/v1/executions/{execution}",
      "GET /api/v1/approvals/{approval}",
      "GET /api/v1/dead-letters/{deadLetter}",
      "GET /api/v1/schedules",
      "POST /api/v1/workers/{worker}/drain",
    ];
    const operations = trial.operations.filter(({ name }) => some.includes(name));
    expect(operations).toHaveLength(some.length);
    const { tried, unnoticed } = await survivors(trial, operations);
    expect(tried).toBeGreaterThanOrEqual(some.length);
    expect(unnoticed.join("\n")).toBe("");
  });
});
