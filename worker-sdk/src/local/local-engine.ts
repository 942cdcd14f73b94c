/**
 * What happens at one clock: the executions that are open there, the messages between them, and the passing of time. Time
 * moves on only when nothing is under way; before it does, everybody who was told something has had a turn to act on it.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Command } from "@/lib/core/execution/commands";
import type { Clock } from "./clock";
import { KeyedPlaces } from "./keyed-places";

/** An execution, as far as time and messages go. */
export interface Member {
  readonly id: string;
  /** When something is to be done without anybody's doing; null: nothing. */
  nextAt(): number | null;
  applyDue(now: number): void;
  /** A message from another execution. */
  receive(command: Command): void;
}

const engines = new WeakMap<Clock, LocalEngine>();

export class LocalEngine {
  readonly places = new KeyedPlaces();
  private readonly members = new Map<string, Member>();
  private alarms: { at: number; order: number; ring: () => void }[] = [];
  private turns: { order: number; take: () => void }[] = [];
  private lastOrder = 0;
  private underway = 0;
  private keeping = false;
  /** Ends the wait for time, because something happened. */
  private waiting = new AbortController();
  private resting: (() => void)[] = [];

  private constructor(readonly clock: Clock) {}

  /** Executions on one clock share one: they see each other's messages, keys and handlers at work. */
  static at(clock: Clock): LocalEngine {
    const known = engines.get(clock) ?? new LocalEngine(clock);
    engines.set(clock, known);
    return known;
  }

  add(member: Member): void {
    this.members.set(member.id, member);
    if (!this.keeping) void this.keepTime();
  }

  remove(member: Member): void {
    this.members.delete(member.id);
    this.stir();
  }

  find(id: string): Member | undefined {
    return this.members.get(id);
  }

  /** Something begins that may change anything; call what it gives when it is over. */
  begin(): () => void {
    this.underway++;
    return () => {
      this.underway--;
      this.stir();
    };
  }

  /** In a turn of its own, in the order of posting. */
  post(deliver: () => void): void {
    const delivered = this.begin();
    setImmediate(() => {
      try {
        deliver();
      } finally {
        delivered();
      }
    });
  }

  /** Rings at that time, while any execution is open; of several at one time, those of the lowest order first. */
  alarm(at: number, ring: () => void, order = 0): void {
    this.alarms.push({ at, ring, order });
    this.stir();
  }

  /** Of what is opened next. */
  nextOrder(): number {
    return ++this.lastOrder;
  }

  /** In a turn of its own at this instant, once all that is due at it was done; those of the lowest order first. */
  turn(order: number, take: () => void): void {
    this.turns.push({ order, take });
    this.post(() => {
      for (let at = this.nextAt(); at !== null && at <= this.clock.now(); at = this.nextAt()) this.applyDue();
      const first = this.turns.reduce((least, each) => (each.order < least.order ? each : least));
      this.turns.splice(this.turns.indexOf(first), 1);
      first.take();
    });
  }

  /** Resolves when nothing is under way and no time will change anything: all that is open waits for somebody outside. */
  rest(): Promise<void> {
    this.stir();
    return new Promise((resolve) => this.resting.push(resolve));
  }

  /** Something has happened. */
  stir(): void {
    this.waiting.abort();
  }

  private async keepTime(): Promise<void> {
    this.keeping = true;
    while (this.members.size > 0) {
      await nextTurn();
      this.waiting = new AbortController();
      await this.pass(this.nextAt(), this.waiting.signal);
      this.applyDue();
    }
    this.keeping = false;
  }

  private async pass(at: number | null, signal: AbortSignal): Promise<void> {
    const idle = this.underway === 0;
    if (at !== null) return this.clock.sleepUntil(at, { idle, signal });
    if (idle) for (const resolve of this.resting.splice(0)) resolve();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }

  private nextAt(): number | null {
    const times = [...this.members.values()].map((member) => member.nextAt());
    const earliest = [...times, ...this.alarms.map(({ at }) => at)].reduce<number>(
      (least, at) => Math.min(least, at ?? Number.POSITIVE_INFINITY),
      Number.POSITIVE_INFINITY,
    );
    return earliest === Number.POSITIVE_INFINITY ? null : earliest;
  }

  private applyDue(): void {
    const now = this.clock.now();
    const due = this.alarms.filter(({ at }) => at <= now);
    this.alarms = this.alarms.filter(({ at }) => at > now);
    for (const { ring } of due.sort((a, b) => a.order - b.order)) ring();
    for (const member of [...this.members.values()]) member.applyDue(now);
  }
}
