// A fleet of two releases under load for minutes: whoever chance picks is killed, stopped, or comes back as the other release.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type OwnDatabase, ownDatabase } from "../kill/doomed-server";
import { openReleases, type Releases } from "../kill/releases";
import { RollingFleet } from "../kill/rolling-fleet";

const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 60);
const SEED = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));

let database: OwnDatabase;
let releases: Releases;
let fleet: RollingFleet;

beforeAll(async () => {
  [database, releases] = await Promise.all([ownDatabase(), openReleases()]);
  fleet = await RollingFleet.start({ databaseUrl: database.url, script: releases.last, lanes: 3 });
}, 120_000);

afterAll(async () => {
  await fleet.stop();
  await database.stop();
  releases.remove();
}, 60_000);

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

it(`${ROUNDS} kills and replacements pass unnoticed (SOAK_SEED=${SEED})`, { timeout: 3_600_000 }, async () => {
  const roll = dice(SEED);
  const { web, engine, load } = fleet;
  const all = [...web, ...engine];
  for (let round = 0; round < ROUNDS; round++) {
    const server = all[roll(all.length)];
    const script = [releases.last, releases.present][roll(2)];
    if (roll(2) === 0) await server?.kill();
    else expect(await server?.stop()).toBe(0);
    // Some come back at once, some are missed for a while.
    if (roll(2) === 0) await load.more(1);
    await server?.start(script);
    await load.more(2);
  }
  await load.finish();
  console.log(fleet.report());
  expect(load.errors).toEqual([]);
});
