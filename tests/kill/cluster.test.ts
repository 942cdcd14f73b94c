// Two web and two engine processes of two releases behind one address, killed, upgraded and restarted one after another while
// clients and workers go on with their ordinary patience: nobody gets an error, nothing is lost, nothing runs twice.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type OwnDatabase, ownDatabase } from "./doomed-server";
import { openReleases, type Releases } from "./releases";
import { RollingFleet } from "./rolling-fleet";

let database: OwnDatabase;
let releases: Releases;
let fleet: RollingFleet;

beforeAll(async () => {
  [database, releases] = await Promise.all([ownDatabase(), openReleases()]);
  fleet = await RollingFleet.start({ databaseUrl: database.url, script: releases.last, lanes: 2 });
}, 120_000);

afterAll(async () => {
  await fleet.stop();
  await database.stop();
  releases.remove();
}, 60_000);

it("kills, an upgrade and restarts pass unnoticed", { timeout: 300_000 }, async () => {
  const { web, engine, load } = fleet;
  await load.more(2);
  for (const [first, second] of [web, engine]) {
    // The first of these migrates the database under the feet of the old ones.
    expect(await first.stop()).toBe(0);
    await first.start(releases.present);
    await load.more(2);
    await second.kill();
    await load.more(2);
    await second.start();
    await load.more(2);
  }
  for (const old of [web[1], engine[1]]) {
    expect(await old.stop()).toBe(0);
    await old.start(releases.present);
  }
  await load.more(2);
  await load.finish();
  const { traffic } = fleet.balancer;
  console.log(fleet.report());
  expect(load.errors).toEqual([]);
  expect([...traffic.to.keys()]).toHaveLength(4);
  // The control: clients did meet processes that were gone.
  expect(traffic.badGateways + traffic.cut).toBeGreaterThan(0);
});
