// Every operation that the API describes, as everybody who could call it: nobody gets what is not theirs, or learns of it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "@/lib/http/routes";
import { fill } from "./fixture";
import { operationsOf, rightByContract } from "./operations";
import { rights, strangers, type Walk } from "./walk";
import { openWorld } from "./world";

let walk: Walk;
beforeAll(async () => {
  const world = await openWorld();
  const document = (await world.send({ method: "GET", path: "/api/v1/openapi.json", headers: {} })).body;
  walk = { world, document, filled: await fill(world) };
});
afterAll(() => walk?.world.close());

/** Fails with every finding in its message. */
async function nothing(findings: AsyncGenerator<string>): Promise<void> {
  const all: string[] = [];
  for await (const finding of findings) all.push(finding);
  expect(all.length, all.join("\n")).toBe(0);
}

test("the description says of every operation what the contract says of who may call it", () => {
  const operations = operationsOf(walk.document);
  expect(operations.map(({ name }) => name).sort()).toEqual(ROUTES.map((r) => `${r.method} ${r.path}`).sort());
  const wrong = operations.filter((operation) => rightByContract(operation) !== operation.described);
  expect(wrong.map(({ name, described }) => `${name}: ${described}`).join("\n")).toBe("");
});

// The routes only name the tests: what is called, and how, is read from the description.
describe.each(ROUTES.map(({ method, path }) => `${method} ${path}`))("%s", (name) => {
  const operation = () => {
    const all = operationsOf(walk.document).filter((one) => one.name === name);
    if (all[0] === undefined) throw new Error("it is not described");
    return all[0];
  };

  test("lets through whom the table of rights lets through, and nobody else", async () => {
    await nothing(rights(walk, operation()));
  });

  test("shows a stranger nothing, and changes nothing for one", async () => {
    await nothing(strangers(walk, operation()));
  });
});
