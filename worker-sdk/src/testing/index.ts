/** `@cerebelum/sdk/testing`: try workflows out without waiting, and say what must have happened. */

export { type VirtualClock, type VirtualClockOptions, virtualClock } from "../local/clock";
export {
  assertAttempts,
  assertCancelled,
  assertCompleted,
  assertFailed,
  assertNotRun,
  assertOrder,
  assertSkipped,
  assertStatus,
  type WithHistory,
} from "./assertions";
export type { ApprovalAnswer, AskedApproval, HttpAnswer, Script, ScriptedSignal } from "./script";
export { type TestOptions, type TestRun, testWorkflow } from "./test-workflow";
