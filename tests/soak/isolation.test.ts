// Every permission that a route could have instead of its own, and every query without each of its namespaces: all are noticed.
import { afterAll, beforeAll, expect, test } from "vitest";
import { otherRights } from "../http/isolation/mutants";
import { survivors, Trial } from "../http/isolation/trial";

let trial: Trial;
beforeAll(async () => {
  trial = await Trial.open();
});
afterAll(() => trial?.close());

test("a route with another permission than its own is noticed", { timeout: 3_600_000 }, async () => {
  const unnoticed: string[] = [];
  for (const operation of trial.operations)
    for (const right of otherRights(operation.described))
      if ((await trial.withRight(operation, right)) === null) unnoticed.push(`${operation.name} with ${right}`);
  expect(unnoticed).toEqual([]);
});

test("a query without one of its namespaces is noticed, unless another stands behind it", {
  timeout: 7_200_000,
}, async () => {
  const { tried, unnoticed } = await survivors(trial, undefined, (line) => console.log(`unnoticed: ${line}`));
  console.log(`${tried} predicates were left out, one at a time`);
  expect(unnoticed.join("\n")).toBe("");
});
