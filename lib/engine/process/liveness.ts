/**
 * This process is alive while its listening connection holds the lock of its slot: gone with the socket, also at
 * `kill -9`. The living clear away the dead, so that no job stays locked by a process that will never finish it.
 */

import type { Queryable } from "@/db/client";
import {
  clearAway,
  duringRollCall,
  enterProcess,
  leaveProcess,
  recordPools,
  rollCall,
  takeSlot,
} from "@/db/stores/engine-processes";
import type { Log } from "@/lib/log";
import { CHANNEL } from "./announcements";
import type { DatabaseClock } from "./database-clock";
import { type Keys, SLOTS } from "./keys";
import { ListeningConnection } from "./listening-connection";
import { type Repeated, repeat } from "./repeat";

export interface LivenessOptions {
  connectionString: string;
  keys: Keys;
  clock: DatabaseClock;
  log: Log;
  /** A notification on the channel of announcements. */
  notified(payload: string): void;
  /** Connected again after a loss: whatever was announced meanwhile was missed. */
  reconnected(): void;
  /** Other processes died and were cleared away: nobody looks after what they had armed. */
  othersDied(): void;
  /** Uniform in [0, 1): where the search for a free slot begins. */
  random?: () => number;
  lookEveryMs?: number;
}

const LOOK_EVERY_MS = 5_000;
const MEASURE_EVERY_MS = 60_000;
const FIRST_TRIPS = 3;

export class Liveness {
  readonly #options: LivenessOptions;
  readonly #connection: ListeningConnection;
  readonly #pools = new Set<string>();
  #alone = false;
  #others = 0;
  #startedAtMs = 0;
  #lastSlot: number | null = null;
  #entered = false;
  #repeated: Repeated[] = [];

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#connection = new ListeningConnection({
      connectionString: options.connectionString,
      channel: CHANNEL,
      enter: (session) => this.#enter(session),
      lost: () => options.keys.loseSlot(),
      notified: options.notified,
      log: options.log,
    });
  }

  /** Takes a slot and clears away the dead, before anything is served. Throws where the database cannot be reached. */
  async start(): Promise<void> {
    await this.#connection.open();
    const { log, clock, lookEveryMs = LOOK_EVERY_MS } = this.#options;
    this.#repeated = [
      repeat("looking for dead processes", lookEveryMs, () => this.#look(), log),
      repeat("measuring the database's time", MEASURE_EVERY_MS, () => clock.measure(this.#connection), log),
    ];
  }

  /** Whether the database sees this process at the moment: while not, it makes no keys. */
  get isHeld(): boolean {
    return this.#connection.isOpen;
  }

  /** How many processes live, this one included, as of the last look a few seconds ago. */
  get processes(): number {
    return this.#others + 1;
  }

  /** Whether no other process lived when this one started: heartbeats then had nobody to go to. */
  alone(): boolean {
    return this.#alone;
  }

  /** A graphile pool of this process takes jobs from now on: they are freed if the process dies. */
  async addPool(pool: string): Promise<void> {
    this.#pools.add(pool);
    await this.#recordPools();
  }

  async removePool(pool: string): Promise<void> {
    this.#pools.delete(pool);
    await this.#recordPools();
  }

  /** To be called last: afterwards others count this process as dead. */
  async close(): Promise<void> {
    await Promise.all(this.#repeated.map((repeated) => repeated.stop()));
    const { slot } = this.#options.keys;
    if (slot !== null && this.isHeld) await leaveProcess(this.#connection, slot).catch(() => {});
    this.#options.keys.loseSlot();
    await this.#connection.close();
  }

  async #enter(session: Queryable): Promise<void> {
    const { keys, clock, reconnected, othersDied } = this.#options;
    await clock.measure(session, this.#entered ? 1 : FIRST_TRIPS);
    if (!this.#entered) this.#startedAtMs = clock.now();
    const { slot, alive, dead } = await duringRollCall(session, async () => {
      const taken = await this.#takeSlot(session);
      await enterProcess(session, { slot: taken, startedAtMs: this.#startedAtMs, pools: [...this.#pools] });
      const others = await rollCall(session, taken);
      if (others.dead.length > 0) await clearAway(session, others.dead);
      return { slot: taken, ...others };
    });
    keys.holdSlot(slot);
    this.#lastSlot = slot;
    this.#others = alive.length;
    if (this.#entered) reconnected();
    else this.#alone = alive.length === 0;
    this.#entered = true;
    if (dead.length > 0) othersDied();
  }

  /** The slot held before, if it is still free, else any: from a random one on, so that slots are not soon used again. */
  async #takeSlot(session: Queryable): Promise<number> {
    if (this.#lastSlot !== null && (await takeSlot(session, this.#lastSlot))) return this.#lastSlot;
    const first = Math.floor((this.#options.random ?? Math.random)() * SLOTS);
    for (let i = 0; i < SLOTS; i++) {
      const slot = (first + i) % SLOTS;
      if (await takeSlot(session, slot)) return slot;
    }
    throw new Error(`all ${SLOTS} process slots are taken`);
  }

  async #look(): Promise<void> {
    const { slot } = this.#options.keys;
    if (slot === null || !this.isHeld) return;
    const { alive, dead } = await rollCall(this.#connection, slot);
    this.#others = alive.length;
    if (dead.length === 0) return;
    await duringRollCall(this.#connection, async () => {
      const still = await rollCall(this.#connection, slot);
      await clearAway(this.#connection, still.dead);
    });
    this.#options.log.info({ slots: dead }, "cleared away after processes that died");
    this.#options.othersDied();
  }

  async #recordPools(): Promise<void> {
    const { slot } = this.#options.keys;
    // Without a connection nothing is lost: entering again writes them.
    if (slot !== null && this.isHeld) await recordPools(this.#connection, slot, [...this.#pools]).catch(() => {});
  }
}
