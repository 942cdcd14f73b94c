// Behaviours of the engine once more, on a host whose payloads are sealed: they are the same, and what is stored follows from them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AREAS } from "../../conformance/behaviours";
import { openEngineHost } from "../../conformance/engine-host";
import type { Host } from "../../conformance/host";
import { rehearse } from "../../conformance/rehearse";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { mastersOf, newKey } from "./canaries";

let database: TestDatabase;
let host: Host;

beforeAll(async () => {
  database = await createDatabase();
  host = await openEngineHost(database.connectionString, mastersOf(newKey("one")));
});
afterAll(async () => {
  await host?.close();
  await database?.drop();
});

/** Those where payloads go the longest ways: to children and back, through what handlers note down, through values that are large. */
const AREAS_OF_PAYLOADS = ["waits and children", "handlers, rounds and values"];

for (const area of AREAS_OF_PAYLOADS) {
  describe(area, () => {
    for (const behaviour of (AREAS[area] ?? []).filter(({ only }) => only !== "local")) {
      it(behaviour.name, async () => {
        const { told, others, differences } = await rehearse(host, behaviour);
        behaviour.then(told, others);
        expect(differences).toEqual([]);
      });
    }
  });
}

it("there are behaviours in each of these areas", () => {
  for (const area of AREAS_OF_PAYLOADS) expect(AREAS[area]?.length, area).toBeGreaterThan(3);
});
