/** The way of every call: find the route, know the caller, let it through, answer; whatever goes wrong becomes a problem. */
import { randomBytes } from "node:crypto";
import { authenticate } from "@/lib/auth/authenticate";
import type { Principal } from "@/lib/auth/principal";
import { Busy, OutcomeUnknown } from "@/lib/engine/door/door";
import { done, type Outcome, type Refusal, refused } from "@/lib/engine/outcome";
import { NoSlot } from "@/lib/engine/process/keys";
import type { Answer } from "@/lib/http/answer";
import type { Instance } from "@/lib/http/instance";
import { problemAnswer } from "@/lib/http/problem";
import type { Route } from "@/lib/http/route";
import { Router } from "@/lib/http/router";
import { ROUTES } from "@/lib/http/routes";
import type { WireRequest } from "@/lib/http/wire";

const router = new Router(ROUTES);

/** Answers a call to the API; never throws. `x-request-id` names the call in the answer, in problems and in the log. */
export async function callApi(instance: Instance, request: WireRequest): Promise<Answer> {
  const startedAt = performance.now();
  const requestId = nextRequestId();
  const match = router.match(request.method, request.path);
  const answer = await answerOf(instance, request, match, requestId);
  const template = match.kind === "found" ? match.route.path : "unknown";
  instance.metrics.requestDone(template, request.method, answer.status, performance.now() - startedAt);
  return { ...answer, headers: { ...answer.headers, "x-request-id": requestId } };
}

async function answerOf(
  instance: Instance,
  request: WireRequest,
  match: ReturnType<Router["match"]>,
  requestId: string,
): Promise<Answer> {
  if (match.kind === "unknown") return problemAnswer(refused("NOT_FOUND"), requestId);
  if (match.kind === "wrong-method") {
    const answer = problemAnswer(refused("METHOD_NOT_ALLOWED", `Use ${match.allow}.`), requestId);
    return { ...answer, headers: { ...answer.headers, allow: match.allow } };
  }
  try {
    const principal = await admit(instance, request, match.route);
    if (!principal.ok) return problemAnswer(principal, requestId);
    const answer = await match.route.serve({ principal: principal.value, params: match.params, instance, request });
    return "ok" in answer ? problemAnswer(answer, requestId) : answer;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal.code === "INTERNAL")
      instance.log.error({ error, requestId, method: request.method, route: match.route.path }, "a call failed");
    return problemAnswer(refusal, requestId);
  }
}

const NOBODY: Principal = { namespaceId: 0, actor: "nobody", permissions: new Set() };

async function admit(instance: Instance, request: WireRequest, route: Route): Promise<Outcome<Principal>> {
  if (route.permission === "public") return done(NOBODY);
  const principal = await authenticate(request, instance);
  if (!principal.ok || principal.value.permissions.has(route.permission)) return principal;
  return refused("FORBIDDEN", `This needs the permission to ${route.permission}.`);
}

/** Connection losses outside a commit changed nothing, so that the call may simply be repeated. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof OutcomeUnknown)
    return refused("OUTCOME_UNKNOWN", "The connection to the database was lost while committing.");
  if (error instanceof Busy) return refused("BUSY");
  if (error instanceof NoSlot || isConnectionLoss(error))
    return refused("UNAVAILABLE", "The database cannot be reached.");
  return refused("INTERNAL");
}

const CONNECTION_LOSS = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0[123]|08\d{3}|53300)$/;

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && CONNECTION_LOSS.test(String(error.code))) return true;
  if (/connection terminated|timeout exceeded when trying to connect/i.test(error.message)) return true;
  return isConnectionLoss(error.cause);
}

const processPart = randomBytes(6).toString("hex");
let requests = 0;

/** Unique over all processes, and cheap. */
function nextRequestId(): string {
  requests += 1;
  return `req_${processPart}${requests.toString(36).padStart(6, "0")}`;
}
