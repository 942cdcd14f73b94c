/** A person's, or a key's, decision on one approval: recorded once, and never taken for the answer to another. */
import { type AskedRow, askedApproval } from "@/db/queries/approvals";
import { firstRow } from "@/db/queries/query";
import { type DecideApproval, type Decider, mayDecide } from "@/lib/contract/approvals";
import type { ValueRef } from "@/lib/contract/history";
import { decodeId } from "@/lib/contract/ids";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import type { Caller } from "./caller";
import type { Applied } from "./door/door";
import { reachesExecution } from "./execution-ref";
import { schemaErrors } from "./input-schema";
import { decodeStep } from "./leasing/lease-token";
import { unfit } from "./leasing/payload-fit";
import type { PayloadLimit } from "./limits/limits";
import { done, type Outcome, type Refusal, refused } from "./outcome";
import { refusalOf } from "./refusals";
import type { Services } from "./services";

type DecisionServices = Pick<Services, "db" | "door" | "histories"> & { limits?: PayloadLimit };

/**
 * Done, too, where the same caller repeats the very same call. An approval that names nobody is decided by whoever may call
 * this; one that does only by those it names, and by `anyone`.
 */
export async function decideApproval(
  services: DecisionServices,
  caller: Caller,
  approvalId: string,
  body: DecideApproval,
  decider: Decider,
): Promise<Outcome<null>> {
  const id = decodeId("approval", approvalId);
  const asked = id === null ? null : await firstRow(services.db, askedApproval(caller.namespaceId, id));
  const step = asked && decodeStep(asked.step);
  if (asked === null || step === null) return refused("APPROVAL_NOT_FOUND");
  if (!(await reachesExecution(services, caller, asked.executionId))) return refused("APPROVAL_NOT_FOUND");
  if (!mayDecide(asked.assignees, decider)) return refused("FORBIDDEN", "The approval names others.");
  const problem = unfit(body.data, services.limits?.payloadBytes(caller.namespaceId)) ?? unfit(body.comment);
  if (problem !== null) return refused(problem.code, problem.message);
  if (asked.decidedBy !== null) return repeated(services, caller, asked, body);
  const { reply, state } = await services.door.apply({
    namespaceId: caller.namespaceId,
    executionId: asked.executionId,
    actor: caller.actor,
    command: { type: "decide-approval", step, approvalId, decidedBy: caller.actor, ...body },
  });
  return refusal({ reply, state }, asked, body) ?? done(null);
}

/** The step may have gone on, and around a loop: what was decided is in the row for good. */
async function repeated(
  services: DecisionServices,
  { actor }: Caller,
  asked: AskedRow,
  { decision, data, comment }: DecideApproval,
): Promise<Outcome<null>> {
  const isSame =
    asked.status === decision &&
    asked.decidedBy === actor &&
    asked.comment === (comment ?? null) &&
    canonicalJson(await decidedData(services, asked)) === canonicalJson(data ?? null);
  return isSame ? done(null) : refused("ALREADY_DECIDED", `It was ${asked.status} by ${asked.decidedBy}.`);
}

async function decidedData(
  { histories }: Pick<Services, "histories">,
  { executionId, data, dataRef }: AskedRow,
): Promise<JsonValue> {
  if (dataRef === null) return data === null ? null : (JSON.parse(data) as JsonValue);
  const { hash } = JSON.parse(dataRef) as ValueRef;
  return (await histories.values(executionId, [hash])).get(hash) ?? null;
}

function refusal(applied: Applied, { form }: AskedRow, { data }: DecideApproval): Refusal | null {
  if (applied.reply !== "invalid-data" || form === null) return refusalOf(applied);
  const errors = schemaErrors(JSON.parse(form) as JsonValue, data ?? null, "/data");
  return refused("INVALID_DATA", undefined, { errors });
}
