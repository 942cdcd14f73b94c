/** Controlling one execution. Every call may be repeated with its `Idempotency-Key`. */
import { z } from "zod";
import {
  type Controlled,
  cancelExecutionSchema,
  controlExecutionSchema,
  controlledSchema,
  executionPlanSchema,
  forkExecutionSchema,
  retryExecutionSchema,
  sendSignalSchema,
  signalNameSchema,
} from "@/lib/contract/controls";
import { executionStartedSchema } from "@/lib/contract/executions";
import type { ProblemCode } from "@/lib/contract/problems";
import type { Caller } from "@/lib/engine/caller";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import type { ControlServices } from "@/lib/engine/control-execution";
import { forkExecution } from "@/lib/engine/fork-execution";
import type { Outcome } from "@/lib/engine/outcome";
import { pauseExecution } from "@/lib/engine/pause-execution";
import { previewFork } from "@/lib/engine/preview-fork";
import { previewRetry } from "@/lib/engine/preview-retry";
import { resumeExecution } from "@/lib/engine/resume-execution";
import { retryExecution } from "@/lib/engine/retry-execution";
import { sendSignal } from "@/lib/engine/send-signal";
import { terminateExecution } from "@/lib/engine/terminate-execution";
import { json } from "@/lib/http/answer";
import { idempotencyKeyOf } from "@/lib/http/idempotency-key";
import { answer, type Route, route } from "@/lib/http/route";
import { checkShape } from "@/lib/http/shape";

const REF = "/api/v1/executions/{execution}" as const;

const REFUSALS: readonly ProblemCode[] = [
  "EXECUTION_NOT_FOUND",
  "EXECUTION_QUARANTINED",
  "EXECUTION_CLOSED",
  "IDEMPOTENCY_CONFLICT",
];

const dryRunQuery = z.strictObject({
  dryRun: z.enum(["true", "false"]).optional().describe("`true` answers what would be done, and changes nothing"),
});

interface Control<Body extends z.ZodType> {
  verb: string;
  summary: string;
  body: Body;
  problems?: readonly ProblemCode[];
  apply(
    services: ControlServices,
    caller: Caller,
    ref: string,
    body: z.output<Body>,
    idempotencyKey?: string,
  ): Promise<Outcome<Controlled>>;
}

function control<Body extends z.ZodType>({ verb, summary, body, problems = [], apply }: Control<Body>): Route {
  return route({
    method: "POST",
    path: `${REF}/${verb}` as `${typeof REF}/${string}`,
    permission: "execute",
    keeps: ["workflows"],
    audit: `execution.${verb}`,
    summary,
    body,
    idempotent: true,
    answers: { 202: controlledSchema },
    problems: [...REFUSALS, ...problems],
    async handle({ params, body, principal, instance, request }) {
      const key = idempotencyKeyOf(request);
      return key.ok ? answer(await apply(instance.services, principal, params.execution, body, key.value), 202) : key;
    },
  });
}

export const controlRoutes = [
  control({
    verb: "cancel",
    summary: "Cancels: steps end at once, workers learn it at their next heartbeat",
    body: cancelExecutionSchema,
    apply: cancelExecution,
  }),
  control({
    verb: "terminate",
    summary: "Ends it at once; nothing is undone, and what is being undone stays as it is",
    body: controlExecutionSchema,
    apply: terminateExecution,
  }),
  control({
    verb: "pause",
    summary: "Pauses: what comes is recorded, nothing follows from it; leased tasks go on",
    body: controlExecutionSchema,
    problems: ["COMPENSATING"],
    apply: pauseExecution,
  }),
  control({
    verb: "resume",
    summary: "Resumes: what was held follows now, in the order in which it came",
    body: controlExecutionSchema,
    apply: resumeExecution,
  }),
  route({
    method: "POST",
    path: `${REF}/retry`,
    permission: "execute",
    keeps: ["workflows"],
    audit: "execution.retry",
    summary:
      "A failed or timed-out execution goes on, in its own history; a quarantined one is taken back into service",
    query: dryRunQuery,
    body: retryExecutionSchema,
    idempotent: true,
    answers: { 202: controlledSchema, 200: executionPlanSchema },
    problems: [
      "EXECUTION_NOT_FOUND",
      "EXECUTION_QUARANTINED",
      "NOT_RETRYABLE",
      "COMPENSATED",
      "INVALID_INPUT",
      "IDEMPOTENCY_CONFLICT",
    ],
    async handle({ params, query, body, principal, instance, request, audit }) {
      const { services } = instance;
      if (query.dryRun === "true") {
        audit.nothing();
        return answer(await previewRetry(services, principal, params.execution, body));
      }
      const key = idempotencyKeyOf(request);
      return key.ok ? answer(await retryExecution(services, principal, params.execution, body, key.value), 202) : key;
    },
  }),
  route({
    method: "POST",
    path: `${REF}/fork`,
    permission: "execute",
    keeps: ["workflows"],
    audit: "execution.fork",
    summary: "A new execution whose history begins as a copy of this one's, up to that event",
    query: dryRunQuery,
    body: forkExecutionSchema,
    idempotent: true,
    answers: { 201: executionStartedSchema, 200: z.union([executionStartedSchema, executionPlanSchema]) },
    problems: [
      "EXECUTION_NOT_FOUND",
      "EXECUTION_QUARANTINED",
      "EXECUTION_CLOSED",
      "WORKFLOW_NOT_FOUND",
      "VERSION_MISMATCH",
      "INVALID_INPUT",
      "IDEMPOTENCY_CONFLICT",
      "TOO_MANY_EXECUTIONS",
    ],
    async handle({ params, query, body, principal, instance, request, audit }) {
      const { services } = instance;
      if (query.dryRun === "true") {
        audit.nothing();
        return answer(await previewFork(services, principal, params.execution, body));
      }
      const key = idempotencyKeyOf(request);
      if (!key.ok) return key;
      const outcome = await forkExecution(services, principal, params.execution, body, key.value);
      if (!outcome.ok) return outcome;
      const { existed, started } = outcome.value;
      if (existed) audit.nothing();
      audit.tell({ details: { fork: started.id } });
      return json(existed ? 200 : 201, started);
    },
  }),
  route({
    method: "POST",
    path: `${REF}/signals/{signal}`,
    permission: "execute",
    keeps: ["workflows"],
    audit: "execution.signal",
    summary: "Sends a signal to the step that waits for it first; kept while none does",
    body: sendSignalSchema,
    idempotent: true,
    answers: { 202: controlledSchema },
    problems: [...REFUSALS, "TOO_MANY_SIGNALS", "PAYLOAD_TOO_LARGE"],
    async handle({ params, body, principal, instance, request, audit }) {
      const name = checkShape(z.strictObject({ signal: signalNameSchema }), { signal: params.signal }, "path");
      if (!name.ok) return name;
      const key = idempotencyKeyOf(request);
      if (!key.ok) return key;
      const { signal } = name.value;
      audit.tell({ details: { signal } });
      return answer(await sendSignal(instance.services, principal, params.execution, signal, body, key.value), 202);
    },
  }),
];
