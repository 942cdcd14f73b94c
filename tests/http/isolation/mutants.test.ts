// A server that forgot a route's permission, or a query's namespace, is noticed by the walk. All of it is in the soak project.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nameOf, weakerRights } from "./mutants";
import { Trial } from "./trial";

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

  // The queries that single things are found by, each where nothing else stands behind it.
  test.each([
    ["GET /api/v1/workflows/{name}", /^namespace_id = \$1 \(0\) of: with w as/],
    ["GET /api/v1/executions/{execution}/events", /^e\.namespace_id = \$1 .* e\.id = \$2/],
    ["GET /api/v1/approvals/{approval}", /^a\.namespace_id = \$1 /],
    ["GET /api/v1/dead-letters/{deadLetter}", /^d\.namespace_id = \$1 /],
    ["GET /api/v1/schedules/{schedule}", /^s\.namespace_id = \$1 /],
    ["GET /api/v1/operations/{operation}", /^namespace_id = \$1 .* from operations /],
    ["POST /api/v1/workers/{worker}/drain", /^namespace_id = \$1 .* update workers set draining/],
  ])("a query that lost its namespace: %s", async (name, query) => {
    const mutants = await trial.mutants(trial.operations.filter((operation) => operation.name === name));
    const chosen = mutants.filter(({ mutant }) => query.test(nameOf(mutant)));
    expect(chosen).not.toEqual([]);
    for (const { mutant, operations } of chosen)
      expect(await trial.noticed(mutant, operations), nameOf(mutant)).toContain(name);
  });
});
