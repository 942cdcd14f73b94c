/**
 * Named points of the one door where a test can fail, delay or kill it. In production there are none: `noFaults`.
 * Points of the process: `flush:before`, `flush:committed` (committed, not yet answered), `flush:answered`. Points inside
 * the transaction, between its statements, are named in the SQL function `flush`.
 */

export interface Faults {
  /** Called at each point of the process; may never return. */
  reach(point: string): Promise<void> | void;
  /** What the next flush's transaction must suffer: `{"at","do":"fail|delay|kill","ms"}` as JSON text, or null. */
  inTransaction(): string | null;
}

export const noFaults: Faults = { reach() {}, inTransaction: () => null };
