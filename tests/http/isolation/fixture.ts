// One namespace with one of everything, others around it with things of the same names, and a caller of every kind.
import { expect } from "vitest";
import { hashSecret, newApiKeySecret } from "@/lib/auth/api-keys";
import { decodeId, encodeId } from "@/lib/contract/ids";
import { ROLES, type Role, SCOPES, type Scope } from "@/lib/contract/permissions";
import { API_KEY } from "../support";
import type { Received, World } from "./world";

/** Stands in every name and every payload of the victim's, and nowhere else. */
export const CANARY = "canary";
/** Names that others use as well. */
export const TWIN = {
  workflow: "twin",
  queue: "twin_queue",
  task: "twin_task",
  key: "twin-key",
  schedule: "twin_schedule",
};

/** A saved view of the victim's. */
const VIEW = encodeId("savedView", 777n);

/** A number that is the victim's alone. */
export const MARK = 777_777;

/** The `Idempotency-Key` that everybody uses there. */
export function twinKey(path: string): string {
  return `twin ${path.replace("/api/v1/", "")}`;
}

const PASSWORD = "walk walk walk walk";

/** Headers that say who is calling. */
export type Credentials = Record<string, string>;

export interface Stranger {
  name: string;
  credentials: Credentials;
  kind: "key" | "person";
  /** Of the victim's organisation, in a namespace beside it: what the organisation has in common is theirs too. */
  sameOrganisation: boolean;
  /** What it has itself, to name the victim's things from. */
  own: { worker: string; execution: string; schedule: string };
}

export interface Victim {
  namespaceId: number;
  organisationId: number;
  /** By the name of a path's parameter: what stands there; the first is the usual one. */
  things: Record<string, string[]>;
  /** By the name of a query's parameter: values that would find the victim's things. */
  asked: Record<string, string[]>;
  lease: { taskId: string; leaseToken: string };
  hash: string;
  /** The token of an invitation for somebody else. */
  invitation: string;
  /** What stands in the victim's audit log alone. */
  audited: string[];
  failed: string;
  /** Ids that no stranger may ever be shown. */
  ids: string[];
}

export interface Filled {
  victim: Victim;
  strangers: Stranger[];
  nobodies: { name: string; credentials: Credentials }[];
  scopes: Record<Scope, Credentials>;
  roles: Record<Role, Credentials>;
  /** Signed in, and a member of nothing. */
  outsider: Credentials;
  limited: { name: string; kind: "queues" | "workflows"; credentials: Credentials }[];
}

export async function fill(world: World): Promise<Filled> {
  const victim = await fillVictim(world);
  // A name that nobody else's has, so that whoever names it means this one.
  await world.instance.reads.query("update namespaces set name = $1 where id = 1", [`${CANARY}_namespace`]);
  await world.instance.reads.query("update organisations set name = $1 where id = 1", [`${CANARY}_organisation`]);
  const beside = await addNamespace(world, 1, "beside");
  const organisation = await addOrganisation(world, "elsewhere");
  const elsewhere = await addNamespace(world, organisation, "default");
  const key = (namespaceId: number, more: Partial<KeyRow> = {}) => addKey(world, { namespaceId, ...more });
  const roles = {} as Record<Role, Credentials>;
  for (const role of ROLES) roles[role] = await addPerson(world, `${role}@walk.example`, { organisationId: 1, role });
  const owner = await addPerson(world, "stranger@example.com", { organisationId: organisation, role: "owner" });
  const scopes = {} as Record<Scope, Credentials>;
  for (const scope of SCOPES) scopes[scope] = await key(1, { scopes: [scope] });
  const elsewhereKey = await key(elsewhere);
  const besideKey = await key(beside);
  const own = await fillStranger(world, elsewhereKey);
  // Workers live as long as the walk takes; but for the one that is named, which nobody else may make look alive.
  await world.instance.reads.query(
    "update workers set last_seen_at = now() + case when id = $1 then interval '-1 hour' else interval '1 day' end",
    [decodeId("worker", victim.things.worker?.[0] ?? "")],
  );
  // A task that waits for others with its key is theirs, too.
  await world.instance.reads.query(
    `insert into tasks select (jsonb_populate_record(t, jsonb_build_object('id', t.id + 1, 'admitted', false, 'queue', 'own_kept'))).*
       from tasks t where namespace_id = $1 limit 1`,
    [elsewhere],
  );
  const stranger = { kind: "key", sameOrganisation: false, own } as const;
  return {
    victim,
    scopes,
    roles,
    outsider: await addPerson(world, "outsider@example.com"),
    strangers: [
      { ...stranger, name: "a key of another organisation", credentials: elsewhereKey },
      { ...stranger, name: "an owner of another organisation", kind: "person", credentials: owner },
      {
        ...stranger,
        name: "a key of another namespace of the organisation",
        credentials: besideKey,
        sameOrganisation: true,
        own: await fillStranger(world, besideKey),
      },
    ],
    nobodies: [
      { name: "no credential", credentials: {} },
      { name: "a wrong key", credentials: bearer(newApiKeySecret()) },
      { name: "a key that is none", credentials: bearer("x") },
      { name: "another scheme", credentials: { authorization: "Basic YWRtaW46YWRtaW4=" } },
      { name: "a made-up session", credentials: { cookie: "cerebelum.session_token=made.up" } },
      { name: "a revoked key", credentials: await key(1, { revokedAt: new Date(0) }) },
      { name: "an expired key", credentials: await key(1, { expiresAt: new Date(0) }) },
    ],
    limited: [
      { name: "a key for another queue", kind: "queues", credentials: await key(1, { queues: ["elsewhere"] }) },
      {
        name: "a key for another workflow",
        kind: "workflows",
        credentials: await key(1, { workflows: ["elsewhere"] }),
      },
    ],
  };
}

const bearer = (secret: string): Credentials => ({ authorization: `Bearer ${secret}` });

interface KeyRow {
  namespaceId: number;
  scopes: readonly Scope[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  queues: string[] | null;
  workflows: string[] | null;
}

async function addKey({ instance }: World, row: Partial<KeyRow> & { namespaceId: number }): Promise<Credentials> {
  const { namespaceId, scopes = SCOPES, expiresAt = null, revokedAt = null, queues = null, workflows = null } = row;
  const secret = newApiKeySecret();
  const values = [instance.services.keys.next(), namespaceId, hashSecret(secret), scopes];
  await instance.reads.query(
    `insert into api_keys (id, namespace_id, name, prefix, secret_hash, scopes, created_at, expires_at, revoked_at, queues, workflows)
     values ($1, $2, 'walker', 'cbk_walk', $3, $4, now(), $5, $6, $7, $8)`,
    [...values, expiresAt, revokedAt, queues, workflows],
  );
  return bearer(secret);
}

async function addOrganisation({ instance }: World, name: string): Promise<number> {
  const sql = "insert into organisations (name) values ($1) returning id";
  return idOf(await instance.reads.query<{ id: number }>(sql, [name]));
}

async function addNamespace({ instance }: World, organisationId: number, name: string): Promise<number> {
  const sql = "insert into namespaces (organisation_id, name) values ($1, $2) returning id";
  return idOf(await instance.reads.query<{ id: number }>(sql, [organisationId, name]));
}

function idOf({ rows }: { rows: { id: number }[] }): number {
  const [row] = rows;
  if (row === undefined) throw new Error("nothing was added");
  return row.id;
}

async function addPerson(
  world: World,
  email: string,
  member?: { organisationId: number; role: Role },
): Promise<Credentials> {
  const { instance } = world;
  const id = await instance.people.add({ email, name: email, password: PASSWORD });
  if (member !== undefined)
    await instance.reads.query("insert into memberships (organisation_id, user_id, role) values ($1, $2, $3)", [
      member.organisationId,
      id,
      member.role,
    ]);
  return signIn(world, email, PASSWORD);
}

async function signIn({ url }: World, email: string, password: string): Promise<Credentials> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password }),
  });
  expect(response.status, await response.text()).toBe(200);
  const cookie = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  return { cookie: cookie.join("; "), "sec-fetch-site": "same-origin" };
}

/** Calls that must succeed, for filling. */
class Filler {
  constructor(
    private readonly world: World,
    private readonly credentials: Credentials,
  ) {}

  async post(path: string, body: unknown, headers: Credentials = {}): Promise<Received["body"]> {
    return this.send("POST", path, body, headers);
  }

  async send(method: string, path: string, body?: unknown, headers: Credentials = {}): Promise<Received["body"]> {
    const call = { method, path: `/api/v1/${path}`, body, headers: { ...this.credentials, ...headers } };
    const { status, text, body: answer } = await this.world.send(call);
    expect(status, `${method} ${path}: ${text}`).toBeLessThan(300);
    return answer;
  }

  /** Takes the one task that is ready there. */
  async take(queue: string, task: string): Promise<{ worker: string; taskId: string; leaseToken: string }> {
    const worker = await this.worker([queue], [task]);
    const { tasks } = await this.post(`workers/${worker}/poll`, { capacity: 1, waitMs: 10_000 });
    return { worker, taskId: tasks[0].taskId, leaseToken: tasks[0].leaseToken };
  }

  async worker(queues: string[], tasks: string[]): Promise<string> {
    const body = { name: `${queues[0]}_worker`, queues, tasks, language: "curl", sdkVersion: "1", capacity: 10 };
    return (await this.post("workers", body)).workerId;
  }
}

const oneTask = (name: string, queue: string, task: string, more: object = {}) => ({
  name,
  nodes: [{ id: task, type: "task", task, queue, retry: { maxAttempts: 1 }, ...more }],
  edges: [],
});

async function fillVictim(world: World): Promise<Victim> {
  const api = new Filler(world, bearer(API_KEY));
  const workflow = `${CANARY}_workflow`;
  await api.post("workflows", { definition: oneTask(workflow, `${CANARY}_queue`, `${CANARY}_task`) });
  await api.post("workflows", {
    definition: oneTask(TWIN.workflow, TWIN.queue, `${CANARY}_step`, { task: TWIN.task }),
  });
  const gate = {
    id: `${CANARY}_gate`,
    type: "approval",
    title: `${CANARY} title`,
    assignees: [`${CANARY}@example.com`],
  };
  await api.post("workflows", { definition: { name: `${CANARY}_gated`, nodes: [gate], edges: [] } });
  const rest = { id: `${CANARY}_rest`, type: "sleep", duration: "1000d" };
  await api.post("workflows", { definition: { name: `${CANARY}_resting`, nodes: [rest], edges: [] } });

  const start = async (name: string, more: object = {}, headers: Credentials = {}): Promise<string> =>
    (await api.post("executions", { workflow: name, ...more }, headers)).id;
  const failed = await start(workflow);
  const broken = await api.take(`${CANARY}_queue`, `${CANARY}_task`);
  const error = { code: "CANARY_CODE", message: `${CANARY} message` };
  await api.post(`tasks/${broken.taskId}/fail`, { leaseToken: broken.leaseToken, error });
  const execution = await start(workflow, {
    key: `${CANARY}-key`,
    tags: [`${CANARY}-tag`],
    correlationId: `${CANARY}-correlation`,
    input: { text: CANARY, large: `${CANARY} `.repeat(10_000) },
  });
  const lease = await api.take(`${CANARY}_queue`, `${CANARY}_task`);
  const { leaseToken } = lease;
  const logs = [{ at: "2026-01-01T00:00:00.000Z", level: "info", text: `${CANARY} line` }];
  const running = [{ taskId: lease.taskId, leaseToken, logs, details: { at: CANARY } }];
  await api.post(`workers/${lease.worker}/heartbeat`, { running });
  const twin = { key: TWIN.key, input: CANARY };
  const waiting = await start(TWIN.workflow, twin, { "idempotency-key": twinKey("executions") });
  const batch = { executions: [{ workflow: `${CANARY}_resting` }] };
  await api.post("executions/batch", batch, { "idempotency-key": twinKey("executions/batch") });
  const gated = await start(`${CANARY}_gated`);
  const approval = (await api.send("GET", "approvals?status=pending")).items[0].id;
  const deadLetter = (await api.send("GET", "dead-letters")).items[0];
  const schedule = await api.post("schedules", {
    name: TWIN.schedule,
    cron: "0 0 1 1 *",
    timezone: "UTC",
    workflow,
    input: { text: CANARY },
  });
  await api.send("PUT", `queues/${TWIN.queue}/limits`, { rate: { limit: MARK, perMs: MARK } });
  const bulk = { action: "signal", signal: "walk", payload: CANARY, ids: [failed] };
  const { operationId } = await api.post("executions/bulk", bulk, { "idempotency-key": twinKey("executions/bulk") });
  const retries = { action: "retry", ids: [deadLetter.id.replace(/.$/, "0")] };
  await api.post("dead-letters/bulk", retries, { "idempotency-key": twinKey("dead-letters/bulk") });
  const invitation = await api.post("invitations", { email: `${CANARY}@example.com`, role: "viewer" });
  const target = `https://example.com/${CANARY}`;
  const alert = await api.post("alerts", { name: `${CANARY}_alert`, kind: "webhook", target });
  const hash = await hashOfLargeValue(world);
  await fillRows(world, execution);
  const [key] = (await world.instance.reads.query<{ id: bigint }>("select min(id) as id from api_keys")).rows;
  const firstKey = encodeId("apiKey", key?.id ?? 0n);
  const [user] = (await world.instance.reads.query<{ id: string }>("select id from users")).rows;
  const ids = [execution, failed, waiting, gated, approval, deadLetter.id, schedule.id, operationId];
  return {
    namespaceId: 1,
    organisationId: 1,
    lease: { taskId: lease.taskId, leaseToken },
    hash,
    failed,
    invitation: invitation.token,
    audited: [`${MARK}`],
    things: {
      execution: [execution, `key:${CANARY}-key`],
      approval: [approval],
      deadLetter: [deadLetter.id],
      schedule: [schedule.id],
      worker: [lease.worker],
      task: [lease.taskId],
      operation: [operationId],
      name: [workflow],
      namespace: [`${CANARY}_namespace`],
      apiKey: [firstKey],
      invitation: [invitation.id],
      alert: [alert.id],
      view: [VIEW],
      user: [user?.id ?? ""],
      // Beside another thing, which is looked for first.
      hash: [hash],
      version: ["1"],
      signal: ["walk"],
    },
    asked: {
      workflow: [workflow, TWIN.workflow],
      tag: [`${CANARY}-tag`],
      correlationId: [`${CANARY}-correlation`],
      q: [CANARY, "exe_"],
      errorCode: ["CANARY_CODE"],
      parent: [execution],
      execution: [execution, `key:${CANARY}-key`],
      assignee: [`${CANARY}@example.com`],
      code: ["CANARY_CODE"],
      fingerprint: [deadLetter.fingerprint],
      node: [`${CANARY}_task`],
      task: [lease.taskId],
      namespace: [`${CANARY}_namespace`],
      confirm: [`${CANARY}_namespace`],
      actor: [`key:${firstKey}`],
      actors: [`key:${firstKey},user:${user?.id},worker:${lease.worker}`],
      action: ["workflow.publish"],
      target: [workflow],
    },
    ids: [
      firstKey,
      invitation.id,
      alert.id,
      user?.id ?? "",
      ...ids,
      lease.worker,
      lease.taskId,
      broken.worker,
      leaseToken,
      deadLetter.fingerprint,
      hash,
    ],
  };
}

/** What takes time or a second process to come about: rows as they would be. */
async function fillRows({ instance: { reads, services } }: World, parent: string): Promise<void> {
  // What is counted is written down now, and not while somebody looks.
  await services.queueRates.write();
  const statements = [
    // No lease may run out while others walk around.
    "update tasks set lease_expires_at = now() + interval '1 day' where worker_id is not null",
    // A child, and one whose names all begin as an id does, as a search may look for.
    `update executions set parent_execution_id = ${decodeId("execution", parent)} where key = '${TWIN.key}'`,
    `update executions set key = 'exe_${CANARY}', correlation_id = 'exe_${CANARY}', tags = '{exe_${CANARY}}'
       where key is null and id = (select max(id) from executions)`,
    `insert into execution_tags (namespace_id, tag, execution_id)
       select 1, 'exe_${CANARY}', id from executions where key = 'exe_${CANARY}'`,
    `insert into audit_log (id, organisation_id, namespace_id, at, actor, action, target, outcome, details)
       values (1, 1, 1, now(), 'engine', 'workflow.publish', '${CANARY}_workflow', 'done', '{"n":${MARK}}')`,
    // Limits that would keep strangers from starting anything.
    `insert into namespace_settings (namespace_id, open_executions, payload_bytes, updated_at) values (1, 1, 1024, now())`,
    // Drafts: of a workflow that there is, and of one that there is not yet.
    `insert into workflow_drafts (namespace_id, name, definition, layout, base_version, revision, updated_at, updated_by)
       select 1, name, '{"name":"' || name || '","nodes":[],"edges":[]}', '{}', null, ${MARK}, now(), 'user:${CANARY}'
       from unnest(array['${CANARY}_workflow', '${CANARY}_draft']) name`,
    // A view that is shared.
    `insert into saved_views (id, namespace_id, user_id, room, name, query, is_shared, created_at)
       select ${decodeId("savedView", VIEW)}, 1, min(id), 'executions', '${CANARY}', 'q=${CANARY}', true, now() from users`,
    // One of each status.
    `create temporary table more as select * from approvals`,
    `insert into approvals select (jsonb_populate_record(m, jsonb_build_object('id', m.id + n, 'status', s))).*
       from more m, unnest(enum_range(null::approval_status)) with ordinality as u(s, n) where s <> 'pending'`,
    `insert into approval_assignees (approval_id, assignee, namespace_id, status)
       select a.id, g.assignee, 1, a.status from approvals a, approval_assignees g where a.status <> 'pending'`,
    `insert into dead_letters select (jsonb_populate_record(d, jsonb_build_object('id', d.id + n, 'status', s))).*
       from dead_letters d, unnest(enum_range(null::dead_letter_status)) with ordinality as u(s, n) where s <> 'open'`,
    "drop table more",
    `insert into queue_rates (namespace_id, queue, minute, ended)
       select 1, q, date_trunc('minute', now()) - n * interval '1 minute', 600 from generate_series(-240, 59) n, unnest(array['${TWIN.queue}', 'own_queue']) q`,
    // One task more that waits for others with its key, in a queue that has nothing else.
    `create temporary table more as select * from tasks where queue = '${TWIN.queue}'`,
    `insert into tasks select (jsonb_populate_record(m, jsonb_build_object('id', m.id + 1, 'admitted', false, 'queue', q))).*
       from more m, unnest(array['${TWIN.queue}', '${CANARY}_kept']) q where q <> '${TWIN.queue}'
       union all select (jsonb_populate_record(m, jsonb_build_object('id', m.id + 3, 'queue', '${CANARY}_ready'))).* from more m
       union all select (jsonb_populate_record(m, jsonb_build_object('id', m.id + 4, 'queue', 'z_${CANARY}_ready'))).* from more m
       union all select (jsonb_populate_record(m, jsonb_build_object('id', m.id + 5, 'queue', 'z_${CANARY}_kept', 'admitted', false))).*
         from more m
       union all select (jsonb_populate_record(m, jsonb_build_object('id', m.id + 2, 'admitted', false))).* from more m`,
    "drop table more",
  ];
  const client = await reads.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    client.release();
  }
}

async function hashOfLargeValue({ instance }: World): Promise<string> {
  const sql = "select encode(hash, 'hex') as hash from payloads limit 1";
  const [row] = (await instance.reads.query<{ hash: string }>(sql)).rows;
  if (row === undefined) throw new Error("no value was large");
  return row.hash;
}

/** Things of the same names as the victim's, where names need not differ. */
async function fillStranger(world: World, credentials: Credentials): Promise<Stranger["own"]> {
  const api = new Filler(world, credentials);
  await api.post("workflows", {
    definition: oneTask(TWIN.workflow, TWIN.queue, "own_step", { task: TWIN.task, queue: "own_queue" }),
  });
  const { id: execution } = await api.post("executions", { workflow: TWIN.workflow });
  const timing = { cron: "0 0 1 1 *", timezone: "UTC" };
  const { id: schedule } = await api.post("schedules", { name: "own", workflow: TWIN.workflow, ...timing });
  const worker = await api.worker([TWIN.queue], [TWIN.task]);
  return { worker, execution, schedule };
}
