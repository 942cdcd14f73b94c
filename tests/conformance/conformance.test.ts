// Each behaviour on every host: what it asserts holds on each of them, and their histories are the same.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../support/postgres";
import type { HostName } from "./behaviour";
import { AREAS } from "./behaviours";
import { PORTED, REFUSED } from "./behaviours/scenarios";
import { openEngineHost } from "./engine-host";
import type { Host } from "./host";
import { localHost } from "./local-host";
import { rehearse } from "./rehearse";

let database: TestDatabase;
let hosts: { [name in HostName]: Host };

beforeAll(async () => {
  database = await createDatabase();
  hosts = { local: localHost, engine: await openEngineHost(database.connectionString) };
});

afterAll(async () => {
  await hosts?.engine.close();
  await database?.drop();
});

for (const [area, behaviours] of Object.entries(AREAS)) {
  describe(area, () => {
    for (const behaviour of behaviours) {
      it(behaviour.name, async () => {
        const names: HostName[] = behaviour.only === undefined ? ["local", "engine"] : [behaviour.only];
        const histories = [];
        for (const name of names) {
          const { told, others, differences } = await rehearse(hosts[name], behaviour);
          behaviour.then(told, others);
          expect(differences, `what is stored on the ${name} host follows from the history`).toEqual([]);
          histories.push([told, ...others].map(({ events }) => events));
        }
        expect(histories.at(-1), "both hosts tell the same").toEqual(histories[0]);
      });
    }
  });
}

it("a scenario is played here or refused with a reason, never both", () => {
  const played = new Set(PORTED.map(({ scenario }) => scenario));
  expect(Object.keys(REFUSED).filter((scenario) => played.has(scenario))).toEqual([]);
  expect(played.size + Object.keys(REFUSED).length).toBe(36);
});

it("of every rule there is a behaviour", () => {
  const shown = new Set(Object.values(AREAS).flatMap((area) => area.flatMap(({ rules }) => rules)));
  expect([...shown].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
});
