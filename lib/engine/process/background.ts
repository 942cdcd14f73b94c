/**
 * What a process does while nobody asks it to: every one makes up for missed announcements and writes its rates down; one
 * that runs the engine takes jobs, sweeps deadlines, runs http steps and does the upkeep as well.
 */
import type { Queryable } from "@/db/client";
import type { Clock } from "@/lib/clock";
import type { Log } from "@/lib/log";
import type { Traces } from "@/lib/tracing/traces";
import type { Alerts } from "../alerts/alerts";
import type { Door } from "../door/door";
import type { EventStore } from "../door/event-store";
import type { Faults } from "../door/faults";
import type { Graphs } from "../graphs";
import type { HttpSteps } from "../http-steps/http-steps";
import { extendLeasesAfterOutage, type LeaseSweep } from "../leasing/lease-sweep";
import type { QueueRates } from "../leasing/queue-rates";
import type { Limits } from "../limits/limits";
import { CleanUp } from "../removal/clean-up";
import { LOOK_EVERY_MS, ScheduleAlarms } from "../schedule/schedule-alarms";
import type { Announcements } from "./announcements";
import type { Hints } from "./hints";
import type { Liveness } from "./liveness";
import { type Repeated, repeat } from "./repeat";
import { Runner } from "./runner";
import { startUpkeep } from "./upkeep";

export interface BackgroundPorts {
  connectionString: string;
  db: Queryable;
  clock: Clock;
  door: Door;
  graphs: Graphs;
  histories: EventStore;
  faults: Faults;
  announcements: Announcements;
  liveness: Liveness;
  hints: Hints;
  sweep: LeaseSweep;
  queueRates: QueueRates;
  httpSteps: HttpSteps;
  alerts: Alerts;
  limits: Limits;
  log: Log;
  traces: Traces | null;
}

const SWEEP_EVERY_MS = 1_000;
const QUEUE_RATES_EVERY_MS = 10_000;

export class Background {
  #runner: Runner | null = null;
  readonly #schedules: ScheduleAlarms;
  readonly #repeated: Repeated[] = [];
  #cleanUp: CleanUp | null = null;

  constructor(readonly ports: BackgroundPorts) {
    this.#schedules = new ScheduleAlarms({ ...ports, armed: (at) => this.armed(at) });
  }

  /** Whether jobs are taken here at the moment. */
  get runsJobs(): boolean {
    return this.#runner?.isRunning ?? false;
  }

  /** A deadline was written for that time (epoch milliseconds). */
  armed(at: number): void {
    this.#runner?.armed(at);
  }

  /** Deadlines may have been armed, or left behind, by another process. */
  deadlinesMoved(): void {
    this.#runner?.lookSoon();
  }

  /** Messages to other executions were written: they are taken there at once. */
  messagesSent(): void {
    this.#runner?.nudge();
  }

  /** Something was deleted: a process that does not run the engine leaves it to those that do. */
  removalAsked(): void {
    this.#cleanUp?.removeSoon();
  }

  /** After the process has its slot. Resolves once what came due while no process ran is under way. */
  async start(engine: "embedded" | "off"): Promise<void> {
    const { db, clock, liveness, hints, queueRates, log } = this.ports;
    if (liveness.alone()) await extendLeasesAfterOutage({ db, clock });
    const writeRates = () => queueRates.write();
    this.#repeated.push(hints.start(), repeat("writing queue rates", QUEUE_RATES_EVERY_MS, writeRates, log));
    if (engine === "embedded") await this.#startEngine();
  }

  async stop(): Promise<void> {
    this.#schedules.stop();
    await Promise.all(this.#repeated.map((one) => one.stop()));
    await this.ports.httpSteps.stop();
    await this.#runner?.stop();
  }

  async #startEngine(): Promise<void> {
    const { db, clock, sweep, httpSteps, log } = this.ports;
    httpSteps.start();
    this.#runner = new Runner({ ...this.ports, ringSchedule: this.#schedules.ring });
    await this.#runner.start();
    await this.#schedules.look();
    this.#cleanUp = new CleanUp(this.ports);
    this.#repeated.push(
      this.#cleanUp,
      repeat("the sweep of deadlines", SWEEP_EVERY_MS, () => sweep.turn(), log),
      repeat("looking after schedules", LOOK_EVERY_MS, () => this.#schedules.look(), log),
      await startUpkeep({ db, clock, log, lookSoon: () => this.deadlinesMoved() }),
    );
  }
}
