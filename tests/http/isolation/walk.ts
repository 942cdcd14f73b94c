// Calls one operation as everybody who there is, and says where an answer is not what table and contract say.
import { grantedByRole, grantedByScopes, type Permission, ROLES, SCOPES } from "@/lib/contract/permissions";
import { fingerprint } from "./fingerprint";
import { CANARY, type Credentials, type Filled, MARK, type Stranger, TWIN, twinKey } from "./fixture";
import { type OpenApi, type Operation, type Right, rightByContract, smallest } from "./operations";
import type { Received, Sent, World } from "./world";

export interface Walk {
  world: World;
  filled: Filled;
  document: OpenApi;
}

/** A sentence for each thing that is wrong. */
export type Findings = AsyncGenerator<string>;

/** A parameter that no operation knows: every route refuses it, and none before it has let the caller through. */
const PROBE = "walked-by=nobody";

/** Path parameters that name nothing by themselves: they stand beside a thing, or are anybody's to choose. */
const FREE = new Set(["queue"]);

/** Things that an organisation's namespaces have in common. */
const SHARED =
  /^\/api\/v1\/(?:organisations|members|invitations|organisation|namespaces|api-keys|audit-log|signing-keys)(?:\/|$)/;

/** Who is let through, and who is told what. Nobody gets further than to the door, so that nothing is changed. */
export async function* rights(walk: Walk, operation: Operation): Findings {
  const { filled } = walk;
  const right = rightByContract(operation);
  if (right === null) return yield `${operation.name}: nothing is written down of who may call it`;
  const before = await fingerprint(walk.world, filled.victim);
  for (const { name, credentials, expected } of everybody(filled, right)) {
    const answer = await walk.world.send(probe(walk, operation, credentials));
    const got = outcomeOf(answer);
    if (got !== expected)
      yield `${operation.name} as ${name}: ${expected} was expected, ${answer.status} ${answer.text} came`;
  }
  const after = await fingerprint(walk.world, filled.victim);
  if (after !== before) yield `${operation.name}: a call that was refused changed ${difference(before, after)}`;
  yield* limits(walk, operation, right);
}

type Expected = "through" | "unauthenticated" | "forbidden" | "not found";

function* everybody(
  filled: Filled,
  right: Right,
): Generator<{ name: string; credentials: Credentials; expected: Expected }> {
  const open = right === "public";
  const anywhere = open || right === "person" || right === "anyone";
  for (const nobody of filled.nobodies) yield { ...nobody, expected: open ? "through" : "unauthenticated" };
  for (const scope of SCOPES) {
    const may = open || right === "anyone" || grantedByScopes([scope]).has(right as Permission);
    yield { name: `a key with ${scope}`, credentials: filled.scopes[scope], expected: may ? "through" : "forbidden" };
  }
  for (const role of ROLES) {
    const may = anywhere || grantedByRole(role).has(right as Permission);
    yield { name: role, credentials: filled.roles[role], expected: may ? "through" : "forbidden" };
  }
  yield { name: "an outsider", credentials: filled.outsider, expected: anywhere ? "through" : "not found" };
}

function outcomeOf({ status, body }: Received): Expected | string {
  if (status === 401 && body?.code === "UNAUTHENTICATED") return "unauthenticated";
  if (status === 403 && body?.code === "FORBIDDEN") return "forbidden";
  if (status === 404 && body?.code === "NOT_FOUND") return "not found";
  if (status === 422 && body?.errors?.some(isProbed)) return "through";
  return `${status}`;
}

function isProbed({ path, code }: { path: string; code: string }): boolean {
  return path === "/walked-by" && code === "UNKNOWN_FIELD";
}

function probe({ filled }: Walk, operation: Operation, credentials: Credentials): Sent {
  const path = filledIn(operation, filled.victim.things, 0);
  return { method: operation.method, path: `${path}?${PROBE}`, headers: credentials };
}

/** A worker that is named is noted as heard of, before it is known which queues it serves. It is of the key's own namespace. */
const LIVELY = new Set(["POST /api/v1/workers/{worker}/poll", "POST /api/v1/workers/{worker}/heartbeat"]);

/** A key for other queues or workflows gets nowhere, or, where the route keeps to its limits, to nothing of the victim's. */
async function* limits(walk: Walk, operation: Operation, right: Right): Findings {
  if (right === "public" || !isForKeys(right) || OWN_ALONE.has(operation.name)) return;
  for (const { name, credentials } of walk.filled.limited) {
    const before = await fingerprint(walk.world, walk.filled.victim);
    for (const attack of attacks(walk, operation, null)) {
      const answer = await walk.world.send({ ...attack, headers: { ...attack.headers, ...credentials } });
      const leaked = answer.status === 403 ? [] : shown(walk, attack, answer);
      if (leaked.length > 0 || answer.status >= 500)
        yield `${operation.name} with ${name}: ${answer.status} ${answer.text.slice(0, 300)} shows ${leaked}`;
    }
    const changed = difference(before, await fingerprint(walk.world, walk.filled.victim));
    if (changed !== "" && !LIVELY.has(operation.name)) yield `${operation.name} with ${name} changed ${changed}`;
  }
}

/** They tell of the caller and what is the caller's own, or end it; nobody else's can be named in them. */
const OWN_ALONE = new Set([
  "GET /api/v1/whoami",
  "POST /api/v1/organisations",
  "DELETE /api/v1/organisation",
  "POST /api/v1/organisation/transfer",
  "POST /api/v1/signing-keys/rotate",
]);

/** Only whoever was told a secret gets so far as to be refused. */
const KNOWN_TO_CALLER = new Set(["POST /api/v1/invitations/accept"]);

/** Rights that a key can have. */
function isForKeys(right: Right): boolean {
  return right === "anyone" || grantedByScopes(SCOPES).has(right as Permission);
}

/** What others see of the victim, and what they can do to it: nothing. */
export async function* strangers(walk: Walk, operation: Operation): Findings {
  const { world, filled } = walk;
  const right = rightByContract(operation);
  if (right === null || right === "public" || OWN_ALONE.has(operation.name)) return;
  for (const param of operation.params)
    if (!FREE.has(param) && filled.victim.things[param] === undefined)
      yield `${operation.name}: the fixture has nothing for {${param}}`;
  for (const { name } of operation.query)
    if (!ANYBODYS.has(name) && filled.victim.asked[name] === undefined && !isEnumerated(operation, name))
      yield `${operation.name}: the fixture has nothing to ask ${name} for`;
  for (const stranger of filled.strangers) {
    if (stranger.sameOrganisation && SHARED.test(operation.path)) continue;
    if (stranger.kind === "key" && !isForKeys(right)) continue;
    for (const attack of attacks(walk, operation, stranger)) {
      const before = await fingerprint(world, filled.victim);
      const call = { ...attack, headers: { ...attack.headers, ...stranger.credentials } };
      const answer = await world.send(call);
      const told = `${operation.name} as ${stranger.name}, ${call.path} ${JSON.stringify(call.body ?? null)}`;
      if (
        attack.expected === "not found" &&
        answer.status !== 404 &&
        !(await isAsIfUnknown(walk, operation, call, answer))
      )
        yield `${told}: 404 was expected, ${answer.status} ${answer.text.slice(0, 300)} came`;
      const isTold = answer.status === 401 || (answer.status === 403 && !KNOWN_TO_CALLER.has(operation.name));
      if (isTold || answer.status >= 500) yield `${told}: ${answer.status} ${answer.text}`;
      if ([400, 415, 422].includes(answer.status))
        yield `${told}: the fixture says it in no way that is understood: ${answer.text}`;
      const wrong = attack.check?.(answer) ?? true;
      if (!wrong) yield `${told}: ${answer.status} ${answer.text.slice(0, 300)} is not what should come`;
      const leaked = shown(walk, call, answer);
      if (leaked.length > 0) yield `${told}: ${answer.status} shows ${leaked}`;
      const after = await fingerprint(world, filled.victim);
      if (after !== before) yield `${told}: ${answer.status} changed ${difference(before, after)}`;
    }
  }
  yield* byName(walk, operation);
}

/** A task that ended is as gone as one that never was: both are refused alike, so that the refusal tells nothing. */
async function isAsIfUnknown({ world }: Walk, { path }: Operation, call: Sent, answer: Received): Promise<boolean> {
  if (!path.includes("{task}") || answer.status < 400) return false;
  const unknown = await world.send({ ...call, path: call.path.replace(/tsk_\w{6}/, "tsk_000000") });
  return unknown.status === answer.status && unknown.body?.code === answer.body?.code;
}

/** A person who names a namespace that is not theirs is told that there is none. */
async function* byName({ world, filled }: Walk, operation: Operation): Findings {
  const right = rightByContract(operation);
  if (right === "person" || right === "anyone") return;
  for (const stranger of filled.strangers.filter(({ kind }) => kind === "person")) {
    const headers = { ...stranger.credentials, "x-cerebelum-namespace": `${CANARY}_organisation/${CANARY}_namespace` };
    const path = filledIn(operation, filled.victim.things, 0);
    const { status, text } = await world.send({ method: operation.method, path, headers });
    if (status !== 404) yield `${operation.name} as ${stranger.name} in the victim's namespace: ${status} ${text}`;
  }
}

interface Attack extends Sent {
  expected?: "not found";
  check?(answer: Received): boolean;
}

/** Parameters of a query that name nothing. */
const ANYBODYS = new Set([
  "limit",
  "cursor",
  "after",
  "at",
  "waitMs",
  "iteration",
  "attempt",
  "count",
  "cron",
  "timezone",
  "dryRun",
  "format",
  "version",
  "minDurationMs",
  "maxDurationMs",
]);
const TIMES = /(?:After|Before|^from|^to|^since|^until)$/;

function isEnumerated({ query }: Operation, name: string): boolean {
  return (
    TIMES.test(name) ||
    (query.find((parameter) => parameter.name === name)?.values.length ?? 0) > 0 ||
    name === "status"
  );
}

/** What a query has to say for the call to be understood. */
const ALWAYS_ASKED: Record<string, string> = {
  "DELETE /api/v1/namespaces/{namespace}": `?confirm=${CANARY}_namespace`,
  "GET /api/v1/actors": "?actors=user:nobody",
  "GET /api/v1/schedules/times": "?cron=0+3+*+*+*",
};

/** @param stranger null: somebody without things of their own */
function* attacks(walk: Walk, operation: Operation, stranger: Stranger | null): Generator<Attack> {
  const { victim } = walk.filled;
  const { method } = operation;
  const named = operation.params.some((param) => !FREE.has(param));
  const bodies = bodiesFor(walk, operation);
  const turns = Math.max(1, ...operation.params.map((param) => victim.things[param]?.length ?? 1));
  for (let turn = 0; turn < turns; turn++) {
    const path = filledIn(operation, victim.things, turn) + (ALWAYS_ASKED[operation.name] ?? "");
    const expected = named ? "not found" : undefined;
    for (const body of bodies) yield { method, path, headers: {}, body, expected, check: checkOf(operation, body) };
    if (!named && operation.body !== null) {
      const body = bodies.at(-1);
      const headers = { "idempotency-key": twinKey(operation.path) };
      // The second time it is the caller's own that is found, and not the victim's.
      for (let time = 0; time < 2; time++) yield { method, path, headers, body, check: checkOf(operation, body) };
    }
    for (const { name } of operation.query) {
      for (const value of victim.asked[name] ?? []) {
        const query = new URLSearchParams({ [name]: value });
        yield {
          method,
          path: `${path.split("?")[0]}?${query}`,
          headers: {},
          body: bodies[0],
          expected: named ? "not found" : undefined,
        };
      }
    }
  }
  if (stranger !== null) yield* fromOwn(walk, operation, stranger);
}

/** Names that are the victim's too stand in nobody's way, and nothing of the victim's is counted for another. */
function checkOf({ name }: Operation, body: unknown): Attack["check"] {
  if (name === "GET /api/v1/queues") {
    const rows = ({ body }: Received) =>
      (body?.items ?? []) as { name: string; ready: number; delayed: number; ratePerMinute: number }[];
    return (answer) =>
      rows(answer).every(
        (row) => row.ratePerMinute === 0 && (row.name !== TWIN.queue || row.ready + row.delayed === 0),
      );
  }
  if (name === "GET /api/v1/queues/{queue}/limits") return ({ body }) => body?.rate === null;
  // Names that were never heard of are refused as such, whatever the victim started under the same keys.
  if (name === "POST /api/v1/executions/batch")
    return ({ body: answered }) => {
      const [unknown, own, keyed] = answered?.results ?? [];
      return own?.id !== undefined && [unknown, keyed].every(({ error }) => error?.code === "WORKFLOW_NOT_FOUND");
    };
  return isTwin(body) ? ({ status }) => status < 300 : undefined;
}

function isTwin(body: unknown): boolean {
  return JSON.stringify(body ?? null).includes(`"${TWIN.workflow}"`);
}

/** From a place of their own they name what is the victim's. */
function* fromOwn({ filled }: Walk, { name, method, path }: Operation, { own }: Stranger): Generator<Attack> {
  const { lease, hash, things } = filled.victim;
  const at = (values: Record<string, string>, body?: unknown, more: Partial<Attack> = {}): Attack => ({
    method,
    path: path.replace(/\{(\w+)\}/g, (_, param: string) => values[param] ?? things[param]?.[0] ?? ""),
    headers: {},
    body,
    ...more,
  });
  const isStale = ({ body }: Received) => body?.acks?.[0]?.status === "stale" || body?.acks?.[0]?.status === "rejected";
  const { worker, execution, schedule } = own;
  switch (name) {
    case "POST /api/v1/workers/{worker}/poll": {
      const check = ({ body }: Received) => body?.tasks?.length === 0;
      yield at({ worker }, { capacity: 10, waitMs: 0 }, { check });
      yield at(
        { worker },
        { capacity: 0, results: [{ ...lease, status: "completed", output: 1 }] },
        { check: isStale },
      );
      return;
    }
    case "POST /api/v1/workers/{worker}/heartbeat": {
      const checkpoints = [{ name: "walk", value: 1 }];
      const logs = [{ at: "2026-01-01T00:00:00.000Z", level: "info", text: "walked" }];
      const running = [{ ...lease, details: 1, logs, checkpoints }];
      yield at({ worker }, { running }, { check: isStale });
      return;
    }
    case "GET /api/v1/executions/{execution}/values/{hash}":
      yield at({ execution, hash }, undefined, { expected: "not found" });
      return;
    case "PATCH /api/v1/schedules/{schedule}":
      yield at({ schedule }, { workflow: things.name?.[0] }, { expected: "not found" });
      return;
    default:
  }
}

/** Bodies by operation where the smallest that fits would not get to where namespaces matter. */
function bodiesFor({ filled, document }: Walk, operation: Operation): unknown[] {
  const { lease, things } = filled.victim;
  const workflow = things.name?.[0];
  const timing = { cron: "0 0 1 1 *", timezone: "UTC" };
  const special: Record<string, unknown[]> = {
    "POST /api/v1/executions": [{ workflow }, { workflow: TWIN.workflow, key: TWIN.key }],
    "POST /api/v1/executions/batch": [
      {
        executions: [
          { workflow: `${CANARY}_resting` },
          { workflow: TWIN.workflow, key: TWIN.key },
          { workflow, key: `${CANARY}-key` },
        ],
      },
    ],
    "POST /api/v1/executions/bulk": [
      { action: "cancel", filter: { workflow } },
      { action: "cancel", ids: things.execution?.slice(0, 1), reason: TWIN.workflow },
    ],
    "POST /api/v1/dead-letters/bulk": [{ action: "resolve", ids: things.deadLetter, note: TWIN.workflow }],
    "POST /api/v1/executions/{execution}/retry": [{}, { fromNode: `${CANARY}_task` }],
    "POST /api/v1/executions/{execution}/fork": [{ at: 1 }],
    "POST /api/v1/tasks/{task}/complete": [{ leaseToken: lease.leaseToken, output: 1 }],
    "POST /api/v1/tasks/{task}/fail": [{ leaseToken: lease.leaseToken, error: { code: "X", message: "x" } }],
    "POST /api/v1/tasks/{task}/heartbeat": [{ leaseToken: lease.leaseToken, details: 1 }],
    "POST /api/v1/schedules": [
      { name: "theirs", workflow, ...timing },
      { name: TWIN.schedule, workflow: TWIN.workflow, ...timing },
    ],
    "POST /api/v1/schedules/{schedule}/backfill": [{ from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }],
    "POST /api/v1/workflows": [
      { definition: { name: TWIN.workflow, nodes: [{ id: "a", type: "task", task: "a" }], edges: [] } },
    ],
    "POST /api/v1/workflows/validate": [{ definition: {} }],
    "POST /api/v1/alerts": [{ name: "walked", kind: "webhook", target: "https://example.com/walk" }],
    "PATCH /api/v1/alerts/{alert}": [{ enabled: false }],
    "POST /api/v1/invitations": [{ email: "walker@example.com", role: "viewer" }],
    "POST /api/v1/invitations/accept": [{ token: filled.victim.invitation }],
    "POST /api/v1/api-keys": [
      { name: "walked", scopes: ["read"], namespace: `${CANARY}_namespace` },
      { name: "walked", scopes: ["read"] },
    ],
    "PUT /api/v1/me/namespace": [{ namespace: `${CANARY}_organisation/${CANARY}_namespace` }],
    "PATCH /api/v1/organisation": [{ name: "elsewhere" }],
  };
  if (operation.body === null) return [undefined];
  return special[operation.name] ?? [smallest(operation.body, document)];
}

function filledIn({ path }: Operation, things: Record<string, string[]>, turn: number): string {
  return path.replace(/\{(\w+)\}/g, (_, param: string) => {
    const values = things[param] ?? [param === "queue" ? TWIN.queue : "unknown"];
    return encodeURIComponent(values[turn % values.length] ?? "").replaceAll("%3A", ":");
  });
}

/** What of the victim stands in an answer, beyond what the caller said itself. */
function shown({ filled }: Walk, call: Sent, { text }: Received): string[] {
  // An audit log says what its own organisation's callers named, whosever it is.
  if (call.path.includes("/audit-log")) return filled.victim.audited.filter((sign) => text.includes(sign));
  const said = [decodeURIComponent(call.path), JSON.stringify(call.body ?? null)].join("\n");
  const secrets = filled.victim.ids.filter((id) => !said.includes(id) && text.includes(id));
  let rest = text;
  for (const [word] of said.matchAll(/\w*canary[\w@.-]*/gi)) rest = rest.replaceAll(word, "");
  return new RegExp(`canary|${MARK}`, "i").test(rest) ? [...secrets, "what only the victim calls so"] : secrets;
}

/** The tables that two fingerprints differ in. */
function difference(before: string, after: string): string {
  const old = new Set(before.split("\n"));
  return after
    .split("\n")
    .filter((line) => !old.has(line))
    .map((line) => line.split(" ")[0])
    .join(", ");
}
