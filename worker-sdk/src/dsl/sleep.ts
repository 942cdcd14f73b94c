/** A wait for time to pass. */
import type { Duration } from "../types/definition";
import type { JoinOptions } from "./graph-node";
import { celOf, type Expression } from "./references";
import type { DurationTemplate } from "./template";

export interface SleepOptions extends JoinOptions {
  /** Of its node. Default `sleep`, `sleep_2`, … */
  id?: string;
}

/** Waits, holding nothing in memory, and hands on what it was given. */
export class Sleep {
  readonly kind = "sleep";
  constructor(
    readonly wait: { duration: Duration } | { until: string },
    readonly options: SleepOptions,
  ) {}

  get id(): string | undefined {
    return this.options.id;
  }
}

/**
 * Waits for a duration and hands on what it was given: `sleep("7d")`, milliseconds, or an expression that gives either.
 * Up to 100 years; the execution is rows in a table meanwhile.
 */
export function sleep(duration: DurationTemplate, options: SleepOptions = {}): Sleep {
  return new Sleep({ duration: celText(duration) ?? (duration as Duration) }, options);
}

/** Waits until an instant (RFC 3339, a `Date`, or an expression) and hands on what it was given; one that is past ends it at once. */
export function sleepUntil(instant: string | Date | Expression, options: SleepOptions = {}): Sleep {
  const until = instant instanceof Date ? instant.toISOString() : (celText(instant) ?? (instant as string));
  return new Sleep({ until }, options);
}

function celText(value: unknown): string | undefined {
  const text = celOf(value);
  return text === undefined ? undefined : `=${text}`;
}
