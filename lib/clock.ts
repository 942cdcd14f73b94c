/** The only reader of the process's clock: whoever needs the time is given a Clock. */

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
