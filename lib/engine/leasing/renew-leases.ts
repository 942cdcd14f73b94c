/**
 * Heartbeats of tasks: each lease that lives is renewed, and what its handler noted down is recorded; of the others the worker
 * learns to stop. Without checkpoints no execution is touched.
 */
import { type Renewal, renewLeases as renewRows } from "@/db/stores/task-leases";
import { decodeId } from "@/lib/contract/ids";
import type { Checkpoint, ReceivedHeartbeat, RenewalAck } from "@/lib/contract/workers";
import type { StepRef } from "@/lib/core/execution/step-ref";
import type { Caller } from "../caller";
import type { PayloadLimit } from "../limits/limits";
import type { Services } from "../services";
import { judgeCheckpoints } from "./checkpoints";
import { LEASE_MS } from "./lease-times";
import { decodeLeaseToken } from "./lease-token";
import { unfit } from "./payload-fit";
import { recordCheckpoints } from "./record-checkpoints";
import { type ReadLogs, readLogs, writeLogs } from "./task-logs";
import { findTask } from "./task-places";

export type RenewalServices = Pick<Services, "clock" | "db" | "door" | "histories" | "leases" | "log"> & {
  limits?: PayloadLimit;
};

type Named = ReceivedHeartbeat["running"][number];

/** One lease as it was named; `code`: why something that came with it cannot be kept. */
interface Beat extends Renewal {
  publicTaskId: string;
  leaseToken: string;
  step: StepRef;
  checkpoints: readonly Checkpoint[];
  logs: ReadLogs;
  code: string | undefined;
}

/**
 * One statement renews all of them. What cannot be kept is left out, named by the ack's `code`, and renews the lease all the
 * same: a worker must not lose its task over it. Acknowledged after the commit.
 */
export async function renewLeases(
  services: RenewalServices,
  caller: Caller,
  running: readonly Named[],
): Promise<RenewalAck[]> {
  const limit = services.limits?.payloadBytes(caller.namespaceId);
  const beats = running.map((one) => beatOf(one, limit));
  const living = await renew(services, caller, beats);
  const alive = beats.map((beat) => (beat && living.get(beat.taskId) === beat.secret ? beat : null));
  const acks = await Promise.all(
    running.map(async ({ taskId }, i) => {
      const beat = alive[i] ?? null;
      return beat === null ? { taskId, status: STALE } : { taskId, ...(await ack(services, caller, beat)) };
    }),
  );
  await keepLogs(services, caller, alive);
  return acks;
}

const STALE = "stale" as const;

/** null for text that no lease ever had. */
function beatOf({ taskId: publicTaskId, leaseToken, details, ...noted }: Named, limit?: number): Beat | null {
  const token = decodeLeaseToken(leaseToken);
  const taskId = decodeId("task", publicTaskId);
  if (token === null || taskId === null) return null;
  const { executionId, step, secret } = token;
  const problem = unfit(details, limit);
  const checkpoints = judgeCheckpoints(noted.checkpoints, step, limit);
  const logs = readLogs(noted.logs);
  return {
    executionId,
    taskId,
    secret,
    step,
    publicTaskId,
    leaseToken,
    details: details === undefined || problem !== null ? null : JSON.stringify(details),
    checkpoints: Array.isArray(checkpoints) ? checkpoints : [],
    logs,
    code: problem?.code ?? (Array.isArray(checkpoints) ? undefined : checkpoints.code) ?? logs.code,
  };
}

/** The secrets of the leases that live, by task. */
async function renew(
  { clock, db }: RenewalServices,
  { namespaceId }: Caller,
  beats: readonly (Beat | null)[],
): Promise<Map<bigint, bigint>> {
  // The same lease named twice would be two writes to one row, of which SQL makes an arbitrary one.
  const renewals = new Map(beats.flatMap((beat) => (beat === null ? [] : [[beat.taskId, beat] as const])));
  if (renewals.size === 0) return new Map();
  const now = new Date(clock.now());
  const living = await renewRows(db, namespaceId, [...renewals.values()], { now, leaseMs: LEASE_MS });
  return new Map(
    [...renewals.values()].filter((beat) => living.has(beat.taskId)).map((beat) => [beat.taskId, beat.secret]),
  );
}

async function ack(services: RenewalServices, caller: Caller, beat: Beat): Promise<Omit<RenewalAck, "taskId">> {
  const said = beat.code === undefined ? {} : { code: beat.code };
  if (beat.checkpoints.length === 0) return { status: "ok", ...said };
  return { ...said, ...(await recordCheckpoints(services, caller, beat)) };
}

async function keepLogs(
  services: RenewalServices,
  { namespaceId }: Caller,
  alive: readonly (Beat | null)[],
): Promise<void> {
  const talking = alive.flatMap((beat) => (beat !== null && beat.logs.lines.length > 0 ? [beat] : []));
  const logged = await Promise.all(
    talking.map(async (beat) => {
      const { executionId, taskId, leaseToken, logs } = beat;
      const place =
        services.leases.get(leaseToken)?.place ?? (await findTask(services, { ...beat, namespaceId }))?.place;
      return place === undefined ? [] : [{ executionId, taskId, place, lines: logs.lines }];
    }),
  );
  await writeLogs(services, namespaceId, logged.flat());
}
