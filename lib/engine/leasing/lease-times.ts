/** How long a lease lives, and what keeps it alive. */

/** A lease that no heartbeat renews runs out after this; its attempt has then failed. */
export const LEASE_MS = 10_000;
/** How often a worker is asked to report; three fit into a lease. */
export const HEARTBEAT_INTERVAL_MS = 3_000;
/** A lease that its worker has not named by then was lost with its answer: it is released and burns no attempt. */
export const UNNAMED_LEASE_MS = 5_000;
