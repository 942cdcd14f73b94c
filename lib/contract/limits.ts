/** Sizes that hold everywhere: in the API, the engine and the local executor. */

/** A payload (input, output, computed value, error details) as UTF-8 JSON. */
export const PAYLOAD_BYTES = 1024 * 1024;
/** Of one history, whatever its namespace allows: what is longer can neither be shown nor folded in good time. */
export const HISTORY_EVENTS_MAX = 1_000_000;
/** A request body. */
export const BODY_BYTES = 10 * 1024 * 1024;
/** A larger value lies outside its event and is referred to by its hash. */
export const INLINE_BYTES = 32 * 1024;
export const PAGE_LIMIT_DEFAULT = 50;
export const PAGE_LIMIT_MAX = 200;
export const BATCH_MAX = 1000;
export const POLL_WAIT_MAX_MS = 30_000;
export const RESULT_WAIT_MAX_MS = 60_000;
export const POLL_CAPACITY_MAX = 1000;
/** A worker that was not heard of for so long, three of its heartbeats, is shown as offline. */
export const OFFLINE_AFTER_MS = 9_000;

/** Checkpoints that one result or heartbeat may carry, and that a step (where it polls: a round of it) may have in all. */
export const CHECKPOINTS_A_MESSAGE = 100;
export const CHECKPOINTS_A_STEP = 1_000;
/** Of all checkpoints of a step together: every later task of it carries them. */
export const CHECKPOINT_BYTES_A_STEP = 10 * 1024 * 1024;
/** What workers log is kept up to here for each execution; beyond it the oldest goes. */
export const LOG_LINES_AN_EXECUTION = 10_000;
export const LOG_BYTES_AN_EXECUTION = 1024 * 1024;
/** A longer line is cut. */
export const LOG_LINE_BYTES = 8 * 1024;
/** Items of one map. */
export const MAX_ITEMS = 10_000;
/** Nodes of one definition, those inside maps included. */
export const MAX_NODES = 10_000;
/** A plan names so many steps at most of each kind; its totals count all. */
export const PLAN_STEPS_MAX = 1000;
/** How many tasks are counted that are before another one. */
export const AHEAD_MAX = 1000;
