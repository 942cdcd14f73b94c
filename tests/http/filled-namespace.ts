// A namespace with something in every table that can hold something of one.
import { expect, vi } from "vitest";
import { task, type Wire } from "./client";
import { sql, type TestNamespace } from "./namespaces";
import type { TestServer } from "./support";

export interface Filled {
  /** Public ids. `failed`, `parent`, `child`, `fork` and `approved` are closed; `asleep`, `asking` and `working` are open. */
  failed: string;
  parent: string;
  child: string;
  fork: string;
  approved: string;
  asleep: string;
  asking: string;
  working: string;
  worker: string;
  schedule: string;
}

/** Looks until it is so; unlike `expect.poll` it may stand before a test. */
const until = (look: () => Promise<unknown>, wanted: unknown) =>
  vi.waitFor(async () => expect(await look()).toBe(wanted), { timeout: 20_000, interval: 20 });
const wait = (id: string) => ({ id, type: "sleep", duration: "30d" });
/** Too large for an event. */
const LARGE = "x".repeat(40_000);

/** @param mark begins every name in it, and stands in every payload */
export async function fill(server: TestServer, namespace: TestNamespace, mark: string): Promise<Filled> {
  const call: TestServer["call"] = (method, path, body, options) =>
    server.call(method, path, body, { key: namespace.key, ...options });
  const post = async (path: string, body: object, status = 201): Promise<Wire> => {
    const answer = await call("POST", path, body);
    expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBe(status);
    return answer.body;
  };
  const queue = `${mark}_queue`;
  const publish = async (name: string, nodes: object[], edges: object[] = []) => {
    await post("workflows", { definition: { name: `${mark}_${name}`, nodes, edges, defaults: { queue } } });
  };
  const start = async (name: string, more: object = {}): Promise<string> =>
    (await post("executions", { workflow: `${mark}_${name}`, tags: [mark], correlationId: mark, ...more })).id;
  const status = (id: string) => async () => (await call("GET", `executions/${id}`)).body.status;

  await publish("fails", [task("charge", { retry: { maxAttempts: 2, initialInterval: 1 } })]);
  await publish("child", [{ id: "made", type: "transform", value: mark }]);
  await publish("parent", [{ id: "call", type: "workflow", workflow: `${mark}_child` }]);
  await publish("asleep", [wait("rest")]);
  await publish("asks", [{ id: "gate", type: "approval", title: mark, assignees: [`${mark}@example.com`] }]);

  const registered = { queues: [queue], tasks: ["charge"], language: "node", sdkVersion: "1", capacity: 1, name: mark };
  const worker: string = (await post("workers", registered)).workerId;
  const take = async (): Promise<Wire> =>
    (await post(`workers/${worker}/poll`, { capacity: 1, waitMs: 5000 }, 200)).tasks[0];
  const failed = await start("fails", { input: { mark, LARGE }, key: `${mark}-key` });
  for (const attempt of [1, 2]) {
    const { taskId, leaseToken } = await take();
    const logs = [{ at: "2026-01-05T12:00:00.000Z", level: "info", text: `${mark} ${attempt}` }];
    await post(`tasks/${taskId}/heartbeat`, { leaseToken, details: { mark }, logs }, 200);
    await post(`tasks/${taskId}/fail`, { leaseToken, error: { code: "BROKEN", message: mark } }, 200);
  }
  const fork: string = (await post(`executions/${failed}/fork`, { at: 1 })).id;
  await post(`executions/${fork}/terminate`, {}, 202);
  const working = await start("fails", { input: { mark, LARGE } });
  await until(async () => (await take())?.executionId, working);

  const parent = await start("parent");
  await until(status(parent), "completed");
  const [child] = (await call("GET", `executions?parent=${parent}`)).body.items;
  const asleep = await start("asleep");
  const [approved, asking] = [await start("asks"), await start("asks")];
  const [approval] = (await call("GET", `approvals?execution=${approved}`)).body.items;
  await post(`approvals/${approval.id}/decide`, { decision: "approved", data: { mark } }, 200);

  const schedule = { name: `${mark}_yearly`, cron: "0 0 1 1 *", workflow: `${mark}_asks`, input: { mark } };
  const scheduled: string = (await post("schedules", schedule)).id;
  const triggered = (await post(`schedules/${scheduled}/trigger`, {})).executionId;
  await post(`executions/${triggered}/terminate`, {}, 202);
  await call("PUT", `queues/${queue}/limits`, { rate: { limit: 5, perMs: 1000 } });
  const bulk = { action: "signal", signal: "none", ids: [asleep] };
  const { operationId } = await post("executions/bulk", bulk, 202);
  await until(async () => (await call("GET", `operations/${operationId}`)).body.status, "done");
  await fillBesides(server, namespace, mark, failed);
  return { failed, parent, child: child.id, fork, approved, asleep, asking, working, worker, schedule: scheduled };
}

/** What no route makes, or makes only in time. */
async function fillBesides(server: TestServer, { id, name }: TestNamespace, mark: string, execution: string) {
  const [row] = await sql<{ id: string }>(
    server,
    "select id::text from executions where namespace_id = $1 and key = $2",
    [id, `${mark}-key`],
  );
  expect(row, execution).toBeDefined();
  const values = [id, row?.id, mark];
  await sql(
    server,
    `with destination as (
       insert into alert_destinations (id, namespace_id, name, kind, sealed_target, shown_target, events, created_at, created_by)
       values ($1::int + 1000, $1, $3, 'webhook', 'sealed', 'example.com', '{execution.failed}', now(), 'key:x') returning id
     )
     insert into alert_deliveries (id, namespace_id, destination_id, event, execution_id, created_at, delivered_at)
     select $2::bigint + 1, $1, id, 'execution.failed', $2::bigint, now(), now() from destination`,
    values,
  );
  await sql(
    server,
    `insert into saved_views (id, namespace_id, user_id, room, name, query, is_shared, created_at)
     select $2::bigint + 2, $1, min(u.id), 'executions', $3, 'q=' || $3, true, now() from users u`,
    values,
  );
  await sql(
    server,
    `insert into workflow_drafts (namespace_id, name, definition, layout, revision, updated_at, updated_by)
     select $1, $3, '{}', '{}', $2::bigint % 1000, now(), 'key:x'`,
    values,
  );
  await sql(
    server,
    `insert into history_signatures (execution_id, sequence, namespace_id, key_id, head, signature)
     values ($2, 1000000, $1, $3, '', '') on conflict do nothing`,
    values,
  );
  await sql(
    server,
    `insert into snapshots (execution_id, sequence, namespace_id, state_version, head, state)
     values ($2, 1, $1, 0, '', $3) on conflict do nothing`,
    values,
  );
  await sql(
    server,
    `insert into heartbeat_details (execution_id, step, namespace_id, iteration, round, details)
     values ($2, 'other', $1, 1, 1, to_json($3::text)::text) on conflict do nothing`,
    values,
  );
  await sql(
    server,
    "insert into data_keys (namespace_id, wrapped_by, wrapped, created_at, retired_at) values ($1, $2, '', now(), now())",
    [id, mark],
  );
  await sql(server, `insert into queue_rates (namespace_id, queue, minute, ended) values ($1, $2, now(), 1)`, [
    id,
    `${mark}_queue`,
  ]);
  await sql(
    server,
    `insert into schedule_waiting_runs (schedule_id, run_at, namespace_id, backfill)
     select id, now() + interval '1 year', namespace_id, false from schedules where namespace_id = $1`,
    [id],
  );
  await sql(
    server,
    `insert into messages (source_execution_id, source_sequence, position, namespace_id, kind, target_execution_id, payload, created_at)
     select id, 1000, 0, $1, 'cancel-child', 1, json_build_object('reason', $2::text)::text, now() from executions
     where namespace_id = $1 and status = 'waiting' order by id limit 1`,
    [id, mark],
  );
  const settings = { limits: { openExecutions: 1000 } };
  expect((await server.call("PUT", `namespaces/${name}/settings`, settings)).status).toBeOneOf([200, 404]);
  await sql(
    server,
    `insert into namespace_settings (namespace_id, open_executions, updated_at) values ($1, 1000, now()) on conflict do nothing`,
    [id],
  );
}

export interface Table {
  name: string;
  columns: string[];
}

/** Every table of ours; of events the whole, not its partitions. */
export async function tables(server: Pick<TestServer, "instance">): Promise<Table[]> {
  return sql<{ name: string; columns: string[] }>(
    server,
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     group by 1 order by 1`,
  );
}

/** How many rows of each table name one of these in any of their columns, jobs included; tables without any are left out. */
export async function mentions(
  server: Pick<TestServer, "instance">,
  marks: readonly string[],
): Promise<Record<string, number>> {
  const names = [...(await tables(server)).map(({ name }) => name), "graphile_worker._private_jobs"];
  const counts = names.map(
    (name) => `select '${name}' as name, count(*)::int as n from ${name} t where to_jsonb(t)::text ~ $1`,
  );
  const rows = await sql<{ name: string; n: number }>(server, counts.join(" union all "), [marks.join("|")]);
  return Object.fromEntries(rows.filter(({ n }) => n > 0).map(({ name, n }) => [name, n]));
}

/** What workers and clocks change by themselves. */
const VOLATILE =
  "{last_seen_at,last_used_at,worker_id,leased_at,lease_token,lease_expires_at,confirmed,heartbeat_details,minute,ended}";

/** Every row of the namespace, by table, each once, in a form that can be compared. */
export async function rowsOf(
  server: Pick<TestServer, "instance">,
  namespaceId: number,
): Promise<Record<string, string[]>> {
  const named = (await tables(server)).filter(({ columns }) => columns.includes("namespace_id"));
  const texts = named.map(
    ({ name }) => `select '${name}' as name, (to_jsonb(t) - '${VOLATILE}'::text[])::text as row from ${name} t
      where namespace_id = $1`,
  );
  const found = await sql<{ name: string; row: string }>(server, `${texts.join(" union ")} order by 1, 2`, [
    namespaceId,
  ]);
  const rows: Record<string, string[]> = {};
  for (const { name, row } of found) rows[name] = [...(rows[name] ?? []), row];
  return rows;
}
