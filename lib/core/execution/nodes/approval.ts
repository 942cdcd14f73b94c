/** An approval waits for a person's decision; each occurrence has an id of its own, so that no answer can hit another. */
import type { ApprovalNode } from "../../../contract/definition";
import type { ErrorInfo, EventData } from "../../../contract/history";
import type { JsonValue } from "../../../contract/json";
import { storableText } from "../../expressions/storable-text";
import { MAX_INSTANT_MS, toInstant } from "../../time";
import { endOf } from "../attempts";
import type { CommandOf, Reply } from "../commands";
import { directiveData, directiveFields, resumeAfterWait } from "../directives";
import type { At } from "../draft";
import { completeStep, endOnPort, failStep } from "../endings";
import { valueFields } from "../held";
import { type Evaluated, evaluateField } from "../scope";
import type { Wait } from "../state";
import { isClosed, isOpenStep } from "../statuses";
import { tooLarge } from "../too-large";
import { demand, emit, hold, placeOf, read, stepAt, type Turn } from "../turn";
import { later } from "./sleep";

type Asking = Extract<Wait, { kind: "approval" }>;
type Request = Omit<EventData<"ApprovalRequested">, "node" | "iteration" | "index" | "approvalId">;

const TITLE_CHARACTERS = 500;
const DESCRIPTION_CHARACTERS = 10_000;
const ASSIGNEES = 100;
const ASSIGNEE_CHARACTERS = 320;

export function startApproval(turn: Turn, at: At, { title, description, assignees, form, timeout }: ApprovalNode) {
  const fields: Request = form === undefined ? {} : { form };
  for (const [field, source, characters] of [
    ["title", title, TITLE_CHARACTERS],
    ["description", description, DESCRIPTION_CHARACTERS],
  ] as const) {
    if (source === undefined) continue;
    const evaluated = evaluateField(turn, at, field, source);
    if ("error" in evaluated) return failStep(turn, at, evaluated.error);
    fields[field] = storableText(textOf(evaluated.value), characters);
  }
  const people = assigneesOf(turn, at, assignees);
  if ("error" in people) return failStep(turn, at, people.error);
  if (people.list.length > 0) fields.assignees = people.list;
  const expiry = expiryOf(turn, at, timeout);
  if ("error" in expiry) return failStep(turn, at, expiry.error);
  ask(turn, at, { ...fields, ...expiry.fields });
}

function assigneesOf(turn: Turn, at: At, source: ApprovalNode["assignees"]): { list: string[] } | { error: ErrorInfo } {
  if (source === undefined) return { list: [] };
  const evaluated = evaluateField(turn, at, "assignees", source);
  if ("error" in evaluated) return evaluated;
  const list = Array.isArray(evaluated.value) ? evaluated.value : [evaluated.value];
  if (list.length <= ASSIGNEES && list.every((it) => typeof it === "string" && it !== "")) {
    return { list: list.map((it) => storableText(String(it), ASSIGNEE_CHARACTERS)) };
  }
  const message = `${at.node.path}, assignees: give at most ${ASSIGNEES} texts: user ids, e-mail addresses or roles.`;
  return { error: { code: "EXPRESSION_ERROR", message } };
}

/** When a wait ends by itself, as its event says it. */
export function expiryOf(
  turn: Turn,
  at: At,
  timeout: JsonValue | undefined,
): { fields: { expiresAt?: string } } | { error: ErrorInfo } {
  if (timeout === undefined) return { fields: {} };
  const evaluated: Evaluated = evaluateField(turn, at, "timeout", timeout);
  if ("error" in evaluated) return evaluated;
  const expiresAt = later(turn.now, evaluated.value);
  if (expiresAt !== null) return { fields: { expiresAt: toInstant(expiresAt) } };
  const message = `${at.node.path}, timeout: ${storableText(JSON.stringify(evaluated.value), 100)} is no duration.`;
  return { error: { code: "EXPRESSION_ERROR", message } };
}

function ask(turn: Turn, at: At, request: Request) {
  emit(turn, "ApprovalRequested", { ...placeOf(turn, at), approvalId: turn.env.newApprovalId(), ...request });
}

/** Opened again before anybody decided: a new occurrence of the same question. */
export function askAgain(
  turn: Turn,
  at: At,
  { title, description, form, assignees, at: expiresAt, directive }: Asking,
) {
  ask(turn, at, {
    ...(title === null ? {} : { title }),
    ...(description === null ? {} : { description }),
    ...(form === null ? {} : { form }),
    ...(assignees.length === 0 ? {} : { assignees: [...assignees] }),
    ...(expiresAt === null ? {} : { expiresAt: toInstant(expiresAt) }),
    ...directiveFields(directive),
  });
}

export function approvalTask(turn: Turn, at: At, command: CommandOf<"approval-task">): { error: ErrorInfo } | null {
  const directive = directiveData(turn, at, command);
  if ("error" in directive) return directive;
  const { title, description, form, assignees, timeoutMs } = command;
  ask(turn, at, {
    ...(title === undefined ? {} : { title: storableText(title, TITLE_CHARACTERS) }),
    ...(description === undefined ? {} : { description: storableText(description, DESCRIPTION_CHARACTERS) }),
    ...(form === undefined ? {} : { form }),
    ...(assignees === undefined || assignees.length === 0 ? {} : { assignees: assignees.slice(0, ASSIGNEES) }),
    ...(timeoutMs === undefined ? {} : { expiresAt: toInstant(Math.min(turn.now + timeoutMs, MAX_INSTANT_MS)) }),
    ...directive.fields,
    ...endOf(command),
  });
  return null;
}

export function decideApproval(turn: Turn, at: At, command: CommandOf<"decide-approval">): Reply {
  const { status, wait, decided } = stepAt(turn, at);
  const { approvalId, decision, data, comment, decidedBy } = command;
  // A step that was cancelled remembers what it asked, and asks it no longer.
  const isAsked = isOpenStep({ status }) && wait?.kind === "approval" && wait.approvalId === approvalId;
  if (!isAsked || isClosed(turn.state)) {
    if (decided?.approvalId !== approvalId) return "approval-closed";
    const known = read(turn, decided.data);
    demand(turn);
    const same =
      decided.decision === decision &&
      decided.decidedBy === decidedBy &&
      decided.comment === (comment ?? null) &&
      JSON.stringify(known) === JSON.stringify(data ?? null);
    return same ? "duplicate" : "already-decided";
  }
  const isAnswer = decision === "approved" && wait.form !== null;
  if (isAnswer && turn.env.checkSchema(wait.form, data ?? null) !== null) return "invalid-data";
  const held = data === undefined ? null : hold(turn, data);
  if (data !== undefined && held === null) return "too-large";
  emit(turn, "ApprovalDecided", {
    ...placeOf(turn, at),
    approvalId,
    decision,
    ...valueFields("data", held),
    ...(comment === undefined ? {} : { comment }),
    decidedBy,
  });
  endApproval(turn, at, wait, { decision, data: data ?? null, comment: comment ?? null, decidedBy });
  return "accepted";
}

type Outcome = { decision: string; data: JsonValue; comment: string | null; decidedBy: string | null };

function endApproval(turn: Turn, at: At, { directive }: Asking, outcome: Outcome) {
  if (directive?.then === "resume") return resumeAfterWait(turn, at, directive, { kind: "approval", ...outcome });
  const output = hold(turn, outcome);
  if (output === null) return failStep(turn, at, tooLarge(`The answer to ${at.node.path}`));
  if (outcome.decision === "approved") return completeStep(turn, at, { output });
  const by = outcome.decidedBy === null ? "" : ` by ${outcome.decidedBy}`;
  const error = { code: "REJECTED", message: `${at.node.path} was rejected${by}.`, details: outcome };
  if (directive === null) endOnPort(turn, at, "rejected", output, error);
  else failStep(turn, at, error);
}

/** Nobody decided in time. */
export function expireApproval(turn: Turn, at: At, { approvalId, directive }: Asking) {
  emit(turn, "ApprovalExpired", { ...placeOf(turn, at), approvalId });
  const outcome = { decision: "expired", data: null, comment: null, decidedBy: null };
  if (directive?.then === "resume") return resumeAfterWait(turn, at, directive, { kind: "approval", ...outcome });
  const error = { code: "APPROVAL_EXPIRED", message: `Nobody decided on ${at.node.path} in time.` };
  if (directive === null) endOnPort(turn, at, "expired", hold(turn, outcome), error);
  else failStep(turn, at, error);
}

function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
