/** The way of every call: find the route, know the caller, let it through, answer; whatever goes wrong becomes a problem. */
import type { Queryable } from "@/db/client";
import { PayloadKeyMissing } from "@/db/payload-codec";
import { type AuditDeed, type AuditOrigin, NotWrittenDown } from "@/lib/audit/trail";
import { type Authenticated, authenticate } from "@/lib/auth/authenticate";
import { FIRST_ORGANISATION_ID, type Principal, type Suspect } from "@/lib/auth/principal";
import type { ProblemCode } from "@/lib/contract/problems";
import { Busy, OutcomeUnknown } from "@/lib/engine/door/door";
import { done, type Refusal, refused } from "@/lib/engine/outcome";
import { NoSlot } from "@/lib/engine/process/keys";
import type { Answer } from "@/lib/http/answer";
import { CallRecord } from "@/lib/http/call-record";
import type { Instance } from "@/lib/http/instance";
import type { AuditNote, Route } from "@/lib/http/route";
import { Router } from "@/lib/http/router";
import { ROUTES } from "@/lib/http/routes";
import type { WireRequest } from "@/lib/http/wire";

const router = new Router(ROUTES);

/** Answers a call to the API; never throws. `x-request-id` names the call in the answer, in problems and in the log. */
export async function callApi(instance: Instance, request: WireRequest): Promise<Answer> {
  const match = router.match(request.method, request.path);
  const record = new CallRecord(instance, request, match.kind === "found" ? match.route : null);
  return record.answer(await answerOf(instance, request, match, record));
}

async function answerOf(
  instance: Instance,
  request: WireRequest,
  match: ReturnType<Router["match"]>,
  record: CallRecord,
): Promise<Answer> {
  if (match.kind === "unknown") return record.refuse(refused("NOT_FOUND"));
  if (match.kind === "wrong-method") {
    const answer = record.refuse(refused("METHOD_NOT_ALLOWED", `Use ${match.allow}.`));
    return { ...answer, headers: { ...answer.headers, allow: match.allow } };
  }
  const { route, params } = match;
  const { requestId } = record;
  try {
    const admitted = await admit(instance, request, route);
    if (!admitted.ok) {
      record.isFrom(admitted.suspect);
      noteRefusal(instance, request, route, params, admitted.suspect, admitted.refusal, requestId);
      return record.refuse(admitted.refusal);
    }
    const principal = record.traced(admitted.value);
    record.isFrom(route.permission === "public" ? null : principal);
    const allowance = await allow(instance, principal, route);
    if (allowance !== null) return record.refuse(allowance);
    const audit = new Note(instance, route, originOf(request, principal, requestId), Object.values(params)[0] ?? null);
    const answer = await route.serve({ principal, params, instance, request, audit });
    if ("ok" in answer) {
      if (isTelling(answer)) noteRefusal(instance, request, route, params, principal, answer, requestId);
      return record.refuse(answer);
    }
    if (answer.status < 300) await audit.write();
    return answer;
  } catch (error) {
    return record.refuse(refusalOf(error), error);
  }
}

const NOBODY: Principal = {
  organisationId: 0,
  namespaceId: 0,
  actor: "nobody",
  credential: "none",
  permissions: new Set(),
};

async function admit(instance: Instance, request: WireRequest, route: Route): Promise<Authenticated> {
  if (route.permission === "public") return done(NOBODY);
  const anywhere = route.permission === "person" || route.permission === "anyone";
  const authenticated = await authenticate(request, instance, { anywhere });
  if (!authenticated.ok) return authenticated;
  const missing = missingRight(authenticated.value, route);
  return missing === null
    ? authenticated
    : { ok: false, refusal: refused("FORBIDDEN", missing), suspect: authenticated.value };
}

/** Why the namespace may not call now; null where it may. Nobody who belongs to none is limited. */
async function allow({ services, rates }: Instance, { namespaceId }: Principal, route: Route): Promise<Refusal | null> {
  if (namespaceId === 0) return null;
  const { limits } = await services.limits.settings.of(namespaceId);
  const taken = rates.take(namespaceId, { limit: limits.requestsPerMinute, isFree: isNeverRefused(route) });
  return taken.ok ? null : taken;
}

/** A limit can always be lifted, and no worker loses its tasks for what others of its namespace did. */
function isNeverRefused({ permission, path }: Route): boolean {
  return permission === "administer" || path.endsWith("/heartbeat");
}

/** What keeps this caller from that route, in one sentence; null where nothing does. */
function missingRight({ permissions, names, limits }: Principal, { permission, keeps = [] }: Route): string | null {
  if (permission === "person")
    return names === undefined ? "This is for people who are signed in, not for keys." : null;
  if (permission !== "public" && permission !== "anyone" && !permissions.has(permission))
    return `This needs the permission to ${permission}.`;
  if (limits === undefined) return null;
  const broken = (["queues", "workflows"] as const).find((kind) => limits[kind] !== null && !keeps.includes(kind));
  return broken === undefined ? null : `The key is limited to certain ${broken}, and this reaches beyond them.`;
}

function originOf(request: WireRequest, who: Suspect | null, requestId: string): AuditOrigin {
  return {
    organisationId: who?.organisationId || FIRST_ORGANISATION_ID,
    namespaceId: who?.namespaceId || null,
    actor: who?.actor ?? "unknown",
    credential: who?.credential ?? null,
    address: request.address,
    userAgent: request.header("user-agent") ?? null,
    requestId,
  };
}

/** Refusals by which somebody may have tried to get what is not theirs, or to do again what is done. */
function isTelling({ code }: Refusal): boolean {
  return code === "FORBIDDEN" || code === "NOT_FOUND" || code.endsWith("_NOT_FOUND") || REPEATED.has(code);
}

const REPEATED: ReadonlySet<ProblemCode> = new Set([
  "ALREADY_DECIDED",
  "APPROVAL_CLOSED",
  "IDEMPOTENCY_CONFLICT",
  "INVITATION_CLOSED",
]);

function noteRefusal(
  instance: Instance,
  request: WireRequest,
  route: Route,
  params: Record<string, string>,
  who: Suspect | null,
  { code }: Refusal,
  requestId: string,
): void {
  const action = route.audit ?? `${route.method} ${route.path}`;
  const target = Object.values(params)[0] ?? null;
  instance.audit.refused(originOf(request, who, requestId), { action, target }, code);
}

/** One call's entry of the audit log: written once, before the caller hears of a success. */
class Note implements AuditNote {
  #deed: AuditDeed | null;
  #origin: AuditOrigin;

  constructor(
    private readonly instance: Instance,
    route: Route,
    origin: AuditOrigin,
    target: string | null,
  ) {
    this.#origin = origin;
    this.#deed = route.audit === undefined ? null : { action: route.audit, target };
  }

  tell(more: Partial<Omit<AuditDeed, "action">>): void {
    if (this.#deed !== null) this.#deed = { ...this.#deed, ...more };
  }

  nothing(): void {
    this.#deed = null;
  }

  inLogOf(organisationId: number): void {
    this.#origin = { ...this.#origin, organisationId, namespaceId: null };
  }

  async within(transaction: Queryable, more: Partial<Omit<AuditDeed, "action">> = {}): Promise<void> {
    this.tell(more);
    if (this.#deed === null) return;
    await this.instance.audit.within(transaction, this.#origin, this.#deed);
    this.#deed = null;
  }

  async write(): Promise<void> {
    if (this.#deed !== null) await this.instance.audit.done(this.#origin, this.#deed);
  }
}

/** Connection losses outside a commit changed nothing, so that the call may simply be repeated. */
function refusalOf(error: unknown): Refusal {
  if (isKeyMissing(error)) return refused("UNAVAILABLE", "Payloads are sealed with a key that this process lacks.");
  if (error instanceof NotWrittenDown)
    return refused(
      "OUTCOME_UNKNOWN",
      "It was done, but could not be written to the audit log; look before you repeat it.",
    );
  if (error instanceof OutcomeUnknown)
    return refused("OUTCOME_UNKNOWN", "The connection to the database was lost while committing.");
  if (error instanceof Busy) return refused("BUSY");
  if (error instanceof NoSlot || isConnectionLoss(error))
    return refused("UNAVAILABLE", "The database cannot be reached.");
  return refused("INTERNAL");
}

function isKeyMissing(error: unknown): boolean {
  return error instanceof Error && (error instanceof PayloadKeyMissing || isKeyMissing(error.cause));
}

const CONNECTION_LOSS = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0[123]|08\d{3}|53300)$/;

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && CONNECTION_LOSS.test(String(error.code))) return true;
  if (/connection terminated|timeout exceeded when trying to connect/i.test(error.message)) return true;
  return isConnectionLoss(error.cause);
}
