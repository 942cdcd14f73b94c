/** What heartbeats of failed attempts carried, for the attempts after them. A task's row goes with its attempt; this stays. */
import type { Queryable } from "../client";
import { openRows } from "../sealed-payloads";
import { aboutHeartbeat, type NamedLease } from "./task-leases";

export interface FailingLease extends NamedLease {
  namespaceId: number;
  iteration: number;
  round: number;
}

/** Of these leases, each named once: keeps what their rows carry. Writes nothing for one that never told any details. */
export async function keepHeartbeatDetails(db: Queryable, leases: readonly FailingLease[]): Promise<void> {
  await db.query({
    name: "keep-heartbeat-details",
    text: `insert into heartbeat_details (execution_id, step, namespace_id, iteration, round, details)
           select t.execution_id, t.step, t.namespace_id, n.iteration, n.round, t.heartbeat_details
           from tasks t
           join unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::int[])
             as n(namespace_id, execution_id, id, token, iteration, round) using (namespace_id, execution_id, id)
           where t.lease_token = n.token and t.heartbeat_details is not null
           on conflict (execution_id, step) do update set
             iteration = excluded.iteration, round = excluded.round, details = excluded.details`,
    values: [
      leases.map((lease) => lease.namespaceId),
      leases.map((lease) => lease.executionId),
      leases.map((lease) => lease.taskId),
      leases.map((lease) => lease.secret),
      leases.map((lease) => lease.iteration),
      leases.map((lease) => lease.round),
    ],
  });
}

export interface StepAttempts {
  namespaceId: number;
  executionId: bigint;
  step: string;
  iteration: number;
  round: number;
}

/** What earlier attempts left, as JSON text, in the order asked; null where they left nothing. */
export async function readHeartbeatDetails(db: Queryable, steps: readonly StepAttempts[]): Promise<(string | null)[]> {
  const { rows } = await db.query<{ namespaceId: number; executionId: bigint; details: string | null }>({
    name: "read-heartbeat-details",
    text: `select n.namespace_id as "namespaceId", n.execution_id as "executionId", d.details
           from unnest($1::int[], $2::bigint[], $3::text[], $4::int[], $5::int[]) with ordinality
             as n(namespace_id, execution_id, step, iteration, round, place)
           left join heartbeat_details d using (namespace_id, execution_id, step, iteration, round)
           order by n.place`,
    values: [
      steps.map((step) => step.namespaceId),
      steps.map((step) => step.executionId),
      steps.map((step) => step.step),
      steps.map((step) => step.iteration),
      steps.map((step) => step.round),
    ],
  });
  const opened = await openRows(db, rows, {
    columns: ["details"],
    about: ({ namespaceId, executionId }) => aboutHeartbeat(namespaceId, executionId),
  });
  return opened.map(({ details }) => details);
}
