// Each release that was kept can be upgraded from while its executions are under way: both releases serve at once, continue
// what the other began, and then the old one goes.
import { Client } from "@cerebelum/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keptVersions } from "../upgrade/kept-versions";
import { Balancer } from "./balancer";
import { type OwnDatabase, ownDatabase } from "./doomed-server";
import { Effects, publishAll, type Run, runGauntlet, runSecondTry } from "./gauntlet";
import { openReleases, type Releases } from "./releases";
import { ServerProcess } from "./server-process";

const WAITS = ["sleep", "approval", "signal", "child"] as const;
/** Longer than it takes the other release to come, where it is to meet a sleeper; long enough to be seen elsewhere. */
const NAPS = { held: "2500ms", passed: "1s" };

let releases: Releases;
beforeAll(async () => {
  releases = await openReleases();
}, 60_000);
afterAll(() => releases.remove());

describe.each(keptVersions())("from %s", (version) => {
  let database: OwnDatabase;
  let old: ServerProcess;
  let balancer: Balancer;
  let effects: Effects;
  const news: ServerProcess[] = [];
  const clients: Client[] = [];

  beforeAll(async () => {
    database = await ownDatabase();
    old = await serve(releases.kept.get(version) ?? "", "embedded");
    balancer = await Balancer.over([old.port]);
    // Each of its polls is at the next process.
    effects = new Effects({ url: balancer.url, apiKey: old.apiKey });
    await effects.start();
  }, 60_000);

  afterAll(async () => {
    await effects.stop();
    for (const client of clients) client.close();
    await balancer.close();
    await Promise.all([old, ...news].map((server) => server.stop()));
    await database.stop();
  }, 60_000);

  const serve = (script: string, engine: "embedded" | "off") =>
    ServerProcess.start({ script, databaseUrl: database.url, engine });
  const clientOf = ({ url }: { url: string }) => {
    const client = new Client({ url, apiKey: old.apiKey });
    clients.push(client);
    return client;
  };

  it("executions in every kind of wait go on, and none notices", { timeout: 240_000 }, async () => {
    const atOld = clientOf(old);
    const atBoth = clientOf(balancer);
    await publishAll(atOld);
    await runSecondTry(atOld, effects);
    const begunByOld = new Waiting(atBoth, effects);
    await begunByOld.untilAllWait();

    // It migrates beside the old one, which goes on with all that has a deadline.
    const web = await serve(releases.present, "off");
    news.push(web);
    balancer.add(web.port);
    const begunByNew = new Waiting(clientOf(web), effects);
    await begunByNew.untilAllWait();
    begunByOld.goOn();
    await begunByOld.over();
    await Promise.all([
      runGauntlet(atOld, effects, { undo: true }),
      runGauntlet(atBoth, effects, { undo: false }),
      runSecondTry(atBoth, effects),
    ]);
    const asked = [...balancer.traffic.to.keys()];
    expect(asked.sort()).toEqual([old.port, web.port].sort());

    const left = new Waiting(atBoth, effects);
    await left.untilAllWait();
    news.push(await serve(releases.present, "embedded"));
    expect(await old.stop()).toBe(0);
    left.goOn();
    begunByNew.goOn();
    await Promise.all([left.over(), begunByNew.over()]);
    await runSecondTry(atBoth, effects);
    await everythingFollowsFromItsHistory(atBoth);
  });
});

/** One execution in each kind of wait, held there until it may go on. */
class Waiting {
  readonly #runs: Promise<void>[];
  readonly #reached: Promise<void>[] = [];
  readonly #released: Promise<void>;
  #release = () => {};

  constructor(client: Client, effects: Effects) {
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.#runs = WAITS.map((kind, i) => this.#hold(client, effects, kind, i % 2 === 0));
  }

  /** Rejects where one fails before. */
  async untilAllWait(): Promise<void> {
    const failed = Promise.race(this.#runs);
    await Promise.race([Promise.all(this.#reached), failed.then(() => Promise.reject(new Error("one did not wait")))]);
  }

  goOn(): void {
    this.#release();
  }

  async over(): Promise<void> {
    await Promise.all(this.#runs);
  }

  #hold(client: Client, effects: Effects, kind: (typeof WAITS)[number], undo: boolean): Promise<void> {
    const nap = kind === "sleep" || kind === "child" ? NAPS.held : NAPS.passed;
    return new Promise((resolve, reject) => {
      const reached = new Promise<void>((isThere) => {
        const whileItWaits: Run["whileItWaits"] = async (now) => {
          if (now !== kind) return;
          isThere();
          await this.#released;
        };
        runGauntlet(client, effects, { undo, nap, whileItWaits }).then(resolve, reject);
      });
      this.#reached.push(reached);
    });
  }
}

/** Whoever began it and whoever ended it: folded anew by the present release. */
async function everythingFollowsFromItsHistory(client: Client): Promise<void> {
  const { items } = await client.list({ limit: 200 });
  expect(items.length).toBeGreaterThan(20);
  for (const { id, status } of items) {
    expect(["completed", "failed"]).toContain(status);
    expect(await client.verify(id)).toMatchObject({ consistent: true, differences: [] });
  }
}
