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

/**
 * Faults from a setting that only tests give: `point@n=exit`, the process is killed (as by SIGKILL) at the n-th time it
 * reaches the point.
 */
export function faultsFromSetting(setting: string): Faults {
  const parsed = /^([a-z:-]+)@(\d+)=exit$/.exec(setting);
  if (parsed === null) throw new Error(`CEREBELUM_FAULT must look like flush:committed@3=exit, not ${setting}`);
  const [, target, nth] = parsed;
  let reached = 0;
  return {
    reach(point) {
      if (point === target && ++reached === Number(nth)) process.kill(process.pid, "SIGKILL");
    },
    inTransaction: () => null,
  };
}
