// Many rounds of `kill -9` at moments drawn by chance: minutes long, for `npm run test:soak`. A failing seed replays.
import { Client } from "@cerebelum/sdk";
import { expect, it } from "vitest";
import { checkHistory } from "../../examples/wfformat/check-history";
import { definitionOf, type RecordedTask } from "../../examples/wfformat/import-wfformat";
import { serverProcess, workerProcess } from "../../examples/wfformat/processes";

const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 10);
const SEED = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));
const TASKS = 400;

/** mulberry32: small, and the same everywhere. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

it(`${ROUNDS} rounds of random kills lose nothing (SOAK_SEED=${SEED})`, { timeout: 3_600_000 }, async () => {
  const roll = dice(SEED);
  const server = await serverProcess();
  await server.start();
  const client = new Client(server.connection);
  const workers = [0, 1, 2].map(() => workerProcess(server.connection, 8));
  await Promise.all(workers.map((worker) => worker.start()));
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const tasks: RecordedTask[] = Array.from({ length: TASKS }, (_, i) => ({
        node: `t${i}`,
        parents: i < 20 ? [] : [...new Set([roll(i), roll(i), roll(i)])].map((parent) => `t${parent}`),
        runtimeMs: roll(80),
      }));
      const { name } = await client.publish(definitionOf(`soak_${SEED}_${round}`, tasks));
      const { id } = await client.start({ workflow: name });
      const strokes = [1, 2, 3].map((third) => ({
        at: (third - 1) * (TASKS / 3) + roll(TASKS / 3),
        process: [server, server.database, ...workers][roll(5)],
      }));
      let completed = 0;
      for await (const event of client.stream(id, { patienceMs: 120_000 })) {
        if (event.type !== "StepCompleted" || ++completed < (strokes[0]?.at ?? Number.POSITIVE_INFINITY)) continue;
        const { process } = strokes.shift() ?? {};
        // One at a time, so that nothing is started that is being killed.
        if (process !== undefined) await process.kill().then(process.start);
      }
      expect((await client.result(id)).status).toBe("completed");
      expect(checkHistory(tasks, await client.history(id)).problems).toEqual([]);
      expect(await client.verify(id)).toMatchObject({ consistent: true });
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    client.close();
    await server.stop();
  }
});
