// No list, page or search reads a table from end to end, however much there is in it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { apiKeyByHash } from "@/db/queries/api-keys";
import { approvalById, approvalsPage, askedApproval, dueApprovals } from "@/db/queries/approvals";
import {
  countDeadLetters,
  type DeadLetterRow,
  deadLetterById,
  deadLetterGroups,
  deadLettersPage,
  failedAttempts,
  firstDispatch,
  matchingDeadLetters,
} from "@/db/queries/dead-letters";
import { eventsPage, valuesByHash } from "@/db/queries/events";
import {
  closingFailures,
  countByStatus,
  countExecutions,
  type ExecutionFilter,
  executionById,
  executionByKey,
  executionCounts,
  executionsPage,
  matchingExecutions,
} from "@/db/queries/executions";
import { operationById } from "@/db/queries/operations";
import { failingSchedules, overviewCounts, stuckExecutions, troubledSorts } from "@/db/queries/overview";
import type { Query } from "@/db/queries/query";
import { queuesPage } from "@/db/queries/queues";
import { closesInSpans, startsInSpans } from "@/db/queries/stats";
import { droppedLines, logRows } from "@/db/queries/step-logs";
import { openTasks, taskFacts } from "@/db/queries/tasks";
import { workersPage } from "@/db/queries/workers";
import { workflowDetail, workflowsPage, workflowVersion, workflowVersions } from "@/db/queries/workflows";
import { firstKeyAt } from "@/lib/contract/ids";
import { createDatabase, type TestDatabase } from "../support/postgres";

const GROWING = [
  "executions",
  "execution_tags",
  "execution_counts",
  "events",
  "payloads",
  "tasks",
  "queue_rates",
  "approvals",
  "approval_assignees",
  "dead_letters",
  "step_logs",
];
const NOW = new Date("2026-05-04T10:00:00.000Z");
const FIRST = firstKeyAt(NOW.getTime() - 3_600_000);

/** When some were closing. */
const CLOSED = new Date(NOW.getTime() - 3_540_000);

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 2, name: "plans" });
  await fill(pool);
});

afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

/** 30,000 executions a few milliseconds apart in two namespaces and three workflows, most of them completed. */
async function fill(pool: Pool): Promise<void> {
  await pool.query("insert into namespaces (name) values ('other') on conflict do nothing");
  await pool.query("select ensure_event_partitions($1, 1)", [NOW]);
  await pool.query(`insert into workflows (namespace_id, name, latest_version)
    select 1 + i / 200, 'workflow_' || i, 1 from generate_series(0, 399) i`);
  await pool.query(`insert into workflow_versions (workflow_id, version, namespace_id, hash, definition, published_at, published_by)
    select id, 1, namespace_id, sha256(name::bytea), '{"name":"w"}', now(), 'key:x' from workflows`);
  await pool.query(
    `insert into executions (id, namespace_id, workflow_id, version, sequence, status, head, started_at, key, correlation_id, tags, closed_at)
    select $1::bigint + (i::bigint << 24), 1 + i % 2, 1 + i % 3, 1, 10,
      (case when i % 500 = 0 then 'failed' when i % 97 = 0 then 'waiting' else 'completed' end)::execution_status,
      ''::bytea, $2::timestamptz + i * interval '4 milliseconds', 'key-' || i, 'correlation-' || i % 5000, array['tag-' || i % 300],
      case when i % 500 = 0 or i % 97 <> 0 then $2::timestamptz + i * interval '4 milliseconds' + i % 61 * interval '1 second' end
    from generate_series(1, 30000) i`,
    [FIRST, new Date(NOW.getTime() - 3_600_000)],
  );
  // Every thousandth began an hour after it was made, every 3,000th has the history of one that began an hour before.
  await pool.query(
    `update executions set started_at = started_at + interval '1 hour'
    * (case when (id >> 24) % 3000 = ($1::bigint >> 24) % 3000 then -1 else 1 end)
    where (id >> 24) % 1000 = ($1::bigint >> 24) % 1000`,
    [FIRST],
  );
  await pool.query(`insert into execution_tags (namespace_id, tag, execution_id)
    select namespace_id, unnest(tags), id from executions`);
  await pool.query(`insert into execution_counts (workflow_id, namespace_id, status, delta)
    select 1 + i % 400, 1 + (i % 400) / 200, 'completed', 1 from generate_series(1, 20000) i`);
  await pool.query(`insert into events (execution_id, at, sequence, namespace_id, command, type, actor, data)
    select id, now(), s, namespace_id, s, 'StepSkipped', 'engine', '{}' from executions cross join generate_series(1, 4) s`);
  await pool.query(`insert into payloads (execution_id, namespace_id, hash, body)
    select id, namespace_id, sha256(id::text::bytea), '{}' from executions`);
  await pool.query(`insert into workers (id, namespace_id, queues, tasks, language, sdk_version, capacity, metadata, registered_at, last_seen_at)
    select i, 1 + i % 2, array['queue_' || i % 20], array['task'], 'typescript', '1', 10, '{}', now(), now()
    from generate_series(1, 400) i`);
  await pool.query(
    `insert into tasks (execution_id, id, namespace_id, priority, ready_at, queue, task, step, worker_id)
    select id, id + 1, namespace_id, 0, $1, 'queue_' || id % 20, 'task', '0', case when id % 10 = 0 then 1 + id % 400 end
    from executions`,
    [NOW],
  );
  await pool.query(
    `insert into queue_rates (namespace_id, queue, minute, ended)
    select 1, 'queue_' || i % 20, date_trunc('minute', $1::timestamptz) - i * interval '1 minute', 5 from generate_series(0, 20000) i`,
    [NOW],
  );
  await pool.query(`insert into approvals (id, namespace_id, execution_id, step, node, iteration, status, assignees, requested_at)
    select id + 2, namespace_id, id, '0', 'gate', 1, (case when id % 50 = 0 then 'pending' else 'approved' end)::approval_status,
      array['person-' || id % 300], now() from executions`);
  await pool.query(`insert into approval_assignees (approval_id, assignee, namespace_id, status)
    select id, unnest(assignees), namespace_id, status from approvals`);
  await pool.query(`insert into dead_letters (id, namespace_id, execution_id, workflow_id, workflow, version, node, iteration,
      attempts, error, code, message, fingerprint, status, created_at)
    select id + 3, namespace_id, id, workflow_id, 'workflow_' || workflow_id - 1, 1, 'charge', 1, 3, '{}', 'CODE_' || id % 40, 'm',
      'print-' || id % 100, (case when id % 20 = 0 then 'open' else 'retried' end)::dead_letter_status, now() from executions`);
  await pool.query(`insert into step_logs (execution_id, sequence, namespace_id, task_id, node, iteration, attempt, lines, bytes,
      lines_so_far, bytes_so_far, body)
    select id, s, namespace_id, id + 1, 'charge', 1, 1, 1, 50, s, 50 * s, '[{}]' from executions cross join generate_series(1, 3) s`);
  await pool.query("vacuum analyze");
}

const list = (filter: Partial<ExecutionFilter>) => executionsPage({ namespaceId: 1, limit: 51, ...filter });
const search = (text: string) => ({ search: { text, ids: null } });
const execution = FIRST + (5000n << 24n);

const QUERIES: Record<string, () => Query<never> | Query<Record<string, unknown> & never>> = {};
const query = (name: string, make: () => unknown) => {
  QUERIES[name] = make as () => Query<never>;
};
query("the newest executions", () => list({}));
query("a later page", () => list({ before: execution }));
query("executions of a workflow", () => list({ workflow: "workflow_1" }));
query("executions of a workflow in a status", () => list({ workflow: "workflow_1", statuses: ["failed"] }));
query("executions in a rare status", () => list({ statuses: ["failed"] }));
query("executions in a status that none has", () => list({ statuses: ["quarantined"] }));
query("executions in several statuses", () => list({ statuses: ["failed", "waiting", "running"] }));
query("executions with a tag", () => list({ tag: "tag-7" }));
query("executions with a tag in a status", () => list({ tag: "tag-7", statuses: ["failed"] }));
query("executions with a correlation id", () => list({ correlationId: "correlation-44" }));
query("executions of a span of time", () =>
  list({ startedAfter: NOW.getTime() - 3_600_000, startedBefore: NOW.getTime() - 3_590_000 }),
);
query("executions started within a second", () =>
  list({ startedAfter: NOW.getTime() - 3_540_000, startedBefore: NOW.getTime() - 3_539_000 }),
);
query("executions started since, in a status, with a tag", () =>
  list({ startedAfter: NOW.getTime() - 3_540_000, statuses: ["failed", "waiting"], tag: "tag-7" }),
);
query("executions started before", () => list({ startedBefore: NOW.getTime() - 3_590_000 }));
query("executions of a version", () => list({ workflow: "workflow_1", version: 1 }));
query("executions of a version of any workflow", () => list({ version: 1 }));
query("executions closed within a second", () =>
  list({ statuses: ["failed", "completed"], closedAfter: CLOSED.getTime(), closedBefore: CLOSED.getTime() + 1000 }),
);
query("executions closed before", () => list({ statuses: ["completed"], closedBefore: CLOSED.getTime() + 60_000 }));
query("executions that took long", () => list({ statuses: ["failed"], minDurationMs: 30_000, maxDurationMs: 40_000 }));
query("executions that failed with a code", () => list({ errorCode: "CODE_7" }));
query("executions that failed with a code that none has", () => list({ errorCode: "CODE_none" }));
query("executions that failed alike", () => list({ fingerprint: "print-20", statuses: ["failed"] }));
query("how many there are by status", () =>
  countByStatus({ namespaceId: 1, tag: "tag-7", limit: 10_001 }, ["completed", "failed", "running"]),
);
query("how many have a code, by status", () =>
  countByStatus({ namespaceId: 1, errorCode: "CODE_7", workflow: "workflow_1", limit: 10_001 }, [
    "completed",
    "failed",
  ]),
);
query("the counters of some workflows", () => executionCounts(1, ["workflow_1", "workflow_3"]));
query("the counters of a namespace", () => executionCounts(1, null));
query("how executions failed", () => closingFailures(1, [execution, execution + (2n << 24n)]));
query("children of an execution", () => list({ parent: execution }));
query("how many there are", () => countExecutions({ namespaceId: 1, statuses: ["completed"], limit: 10_000 }));
query("the ids of a filter", () => matchingExecutions({ namespaceId: 1, workflow: "workflow_1", limit: 500 }));
query("a search by a begin that few have", () => list(search("key-1234")));
query("a search by a begin that all have", () => list(search("key-")));
query("a search by a begin that none has", () => list(search("nothing")));
query("a search for an id", () => list({ search: { text: "exe_", ids: { from: execution, to: execution + 99n } } }));
query("a search with a filter", () =>
  list({ ...search("tag-7"), statuses: ["failed", "waiting"], workflow: "workflow_1" }),
);
query("an execution by id", () => executionById(1, execution));
query("an execution by key", () => executionByKey(1, "key-5000"));
query("events", () => eventsPage(execution, 2, 201));
query("large values", () => valuesByHash(execution, ["00".repeat(32)]));
query("open tasks", () => openTasks(1, execution, null, NOW));
query("open tasks by id", () => openTasks(1, execution, [execution + 1n], NOW));
query("what keeps tasks from being taken", () =>
  taskFacts(1, execution, [execution + 1n], { aliveSince: NOW, now: NOW }),
);
query("an operation", () => operationById(1, execution));
query("workers", () => workersPage(1, null, 51));
query("queues", () => queuesPage(1, NOW, NOW, "", 51));
query("workflows", () => workflowsPage(1, "", 51));
query("a workflow", () => workflowDetail(1, "workflow_1"));
query("versions", () => workflowVersions(1, "workflow_1"));
query("a version", () => workflowVersion(1, "workflow_1", 1));
const asked = { namespaceId: 1, statuses: ["pending"], limit: 51 } as const;
query("approvals that wait", () => approvalsPage(asked));
query("approvals in any status", () =>
  approvalsPage({ ...asked, statuses: ["pending", "approved", "rejected", "expired", "cancelled"], before: execution }),
);
query("approvals of people", () => approvalsPage({ ...asked, assignees: ["person-7", "person-9"] }));
query("approvals of an execution", () => approvalsPage({ ...asked, executionId: execution, assignees: ["person-7"] }));
query("an approval", () => approvalById(1, execution + 2n));
query("an approval to decide on", () => askedApproval(1, execution + 2n));
const dead = { namespaceId: 1, statuses: ["open"], limit: 51 } as const;
query("dead letters", () => deadLettersPage(dead));
query("dead letters of a workflow", () => deadLettersPage({ ...dead, workflow: "workflow_1", before: execution }));
query("dead letters with a code", () => deadLettersPage({ ...dead, code: "CODE_7" }));
query("dead letters that look alike", () => deadLettersPage({ ...dead, fingerprint: "print-20" }));
query("dead letters of an operation", () => matchingDeadLetters({ ...dead, workflow: "workflow_1", code: "CODE_7" }));
query("a count of dead letters", () => countDeadLetters({ ...dead, limit: 10_000 }));
query("groups of dead letters", () => deadLetterGroups(1, null, 51));
query("a dead letter", () => deadLetterById(1, execution + 3n));
const letter = { execution_id: execution, node: "charge", iteration: 1, index: null } as DeadLetterRow;
query("the failed attempts of a dead letter", () => failedAttempts(letter, 3));
query("what a dead letter was given", () => firstDispatch(letter));
query("logs", () => logRows({ namespaceId: 1, executionId: execution, from: 1, lines: 51 }));
query("logs of a node", () =>
  logRows({ namespaceId: 1, executionId: execution, node: "charge", attempt: 1, from: 1, lines: 51 }),
);
query("how many lines are gone", () => droppedLines(1, execution));
query("approvals that are due", () => dueApprovals(1, 5, null));
for (const workflows of [null, ["workflow_1", "workflow_3"]]) {
  const whose = workflows === null ? "a namespace" : "some workflows";
  query(`the counts of ${whose}`, () => overviewCounts({ namespaceId: 1, workflows }, NOW));
  query(`what is stuck in ${whose}`, () =>
    stuckExecutions({ namespaceId: 1, workflows }, [{ queue: "queue_2", task: "task" }], NOW),
  );
  const spans = [0, 1].map((i) => ({ from: CLOSED.getTime() + i * 500, to: CLOSED.getTime() + (i + 1) * 500 }));
  const asked = { namespaceId: 1, workflows, spans: spans.map((span) => ({ ...span, era: "current" as const })) };
  query(`starts of ${whose}`, () => startsInSpans(asked));
  const endings = { completed: ["completed"], failed: ["failed", "timed_out"], cancelled: ["cancelled"] } as const;
  query(`closes of ${whose}`, () => closesInSpans(asked, endings));
}
query("sorts of tasks that nobody takes", () => troubledSorts(1, NOW, "cerebelum.http"));
query("schedules that fail", () => failingSchedules({ namespaceId: 1, workflows: null }));
query("an API key", () => apiKeyByHash(Buffer.alloc(32)));

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  Plans?: PlanNode[];
}

async function explain({ text, values }: Pick<Query<never>, "text" | "values">): Promise<PlanNode> {
  const { rows } = await pool.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(`explain (format json) ${text}`, values);
  return (rows[0] as { "QUERY PLAN": [{ Plan: PlanNode }] })["QUERY PLAN"][0].Plan;
}

function scanned(node: PlanNode): string[] {
  const own = node["Node Type"] === "Seq Scan" ? [node["Relation Name"] ?? ""] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scanned)];
}

const isGrowing = (table: string) => GROWING.some((name) => table === name || table.startsWith(`${name}_w`));

describe("with tens of thousands of rows", () => {
  test.each(Object.keys(QUERIES))("%s is found by index", async (name) => {
    const plan = await explain((QUERIES[name] as () => Query<never>)());
    expect(scanned(plan).filter(isGrowing), JSON.stringify(plan, null, 1)).toEqual([]);
  });

  test("executions whose key tells nothing of their start are found by an index of their own", async () => {
    const plan = await explain(list({ startedAfter: NOW.getTime(), startedBefore: NOW.getTime() + 1000 }));
    expect(JSON.stringify(plan)).toContain('"executions_started_apart"');
  });

  test("a query without an index would be caught", async () => {
    const plan = await explain({ text: "select * from executions where version = $1", values: [7] });
    expect(scanned(plan).filter(isGrowing)).toEqual(["executions"]);
  });
});

describe("the list of executions", () => {
  test("pages through all of them, newest first, none twice", async () => {
    const seen: bigint[] = [];
    for (let before: bigint | undefined; ; before = seen.at(-1)) {
      const { rows } = await pool.query<{ id: bigint }>(list({ before, limit: 5000 }));
      seen.push(...rows.map((row) => row.id));
      if (rows.length < 5000) break;
    }
    expect(seen.length).toBe(15_000);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => (a < b ? 1 : -1)));
  });

  test("finds what started in a span of time by its start, whenever it was made", async () => {
    const hourAgo = NOW.getTime() - 3_600_000;
    const started = async (from: number, to: number) => {
      const { rows } = await pool.query<{ started_at: Date }>(
        list({ startedAfter: from, startedBefore: to, limit: 20_000 }),
      );
      return rows.map((row) => row.started_at.getTime() - hourAgo).sort((a, b) => a - b);
    };
    const apart = (i: number) => (i % 1000 === 0 ? (i % 3000 === 0 ? -3_600_000 : 3_600_000) : 0);
    const expected = (from: number, to: number) =>
      Array.from({ length: 15_000 }, (_, i) => 4 * (2 * i + 2) + apart(2 * i + 2))
        .filter((ms) => ms >= from - hourAgo && ms < to - hourAgo)
        .sort((a, b) => a - b);
    for (const [from, to] of [
      [hourAgo, hourAgo + 10_000],
      [NOW.getTime(), NOW.getTime() + 60_000],
      [hourAgo - 3_600_000, hourAgo - 3_500_000],
      [0, NOW.getTime() * 2],
    ] as const) {
      expect(expected(from, to).length).toBeGreaterThan(2);
      expect(await started(from, to)).toEqual(expected(from, to));
    }
  });

  test("finds what begins with a text in keys, correlation ids and tags, each once", async () => {
    const { rows } = await pool.query<{ key: string }>(list({ ...search("key-1234"), limit: 100 }));
    expect(rows.map((row) => row.key)).toEqual(
      ["key-1234", ...Array.from({ length: 10 }, (_, i) => `key-1234${i}`)]
        .filter((key) => Number(key.slice(4)) <= 30_000 && Number(key.slice(4)) % 2 === 0)
        .sort((a, b) => Number(b.slice(4)) - Number(a.slice(4))),
    );
    const tagged = await pool.query<{ tags: string[] }>(list({ ...search("tag-29"), limit: 200 }));
    expect(tagged.rows.every((row) => row.tags[0]?.startsWith("tag-29"))).toBe(true);
    expect(tagged.rows.length).toBe(200);
  });

  test("takes a % or _ in a search for itself", async () => {
    const { rows } = await pool.query(list(search("key_1%")));
    expect(rows).toEqual([]);
  });
});
