/** The rows beside events and tasks, as the SQL function `write_projections` takes them; null where a flush has none. */

import type { PayloadCodec } from "@/db/payload-codec";
import { aboutApproval } from "@/db/queries/approvals";
import { aboutDeadLetter } from "@/db/queries/dead-letters";
import { sealError, sealJson, sealText } from "@/db/sealed-payloads";
import { aboutMessage } from "@/db/stores/messages";
import { assigneeKeys } from "@/lib/contract/approvals";
import { encodeId } from "@/lib/contract/ids";
import type { EffectOf } from "@/lib/core/execution/effects";
import { encodeStep } from "../leasing/lease-token";
import { countOpenTasks } from "../open-tasks";
import type { HeadSigner } from "../signing/signer";
import type { Copy } from "./copy-history";
import type { Draft } from "./draft";
import { fingerprint } from "./fingerprint";
import type { DeadLetter, SentMessage } from "./follow-ups";
import { array, keyOf, text } from "./json-text";

/** @param starts the new executions among the drafts */
export function projectionRows(
  starts: ReadonlyMap<Draft, { copy: Copy | null }>,
  drafts: readonly Draft[],
  { newKey, payloads, signer }: { newKey: () => bigint; payloads: PayloadCodec; signer: HeadSigner },
): string | null {
  const members = {
    taken: drafts.flatMap(takenRows),
    keyed: drafts.filter(changesKeyedTasks).map(({ after }) => `{"e":${after.id}}`),
    copies: [...starts].flatMap(([draft, { copy }]) => (copy === null ? [] : [copyRow(draft, copy)])),
    holds: drafts.flatMap(holdRows),
    clears: drafts.filter(leavesTasks).map(({ after }) => `{"e":${after.id}}`),
    approvals: drafts.flatMap((draft) => draft.followUps.approvals.map((asked) => approvalRow(draft, asked, payloads))),
    closed: drafts.flatMap((draft) =>
      draft.followUps.closedApprovals.map((closed) => closedRow(draft, closed, payloads)),
    ),
    retried: drafts.filter(({ followUps }) => followUps.retriesDeadLetters).map(({ after }) => `{"e":${after.id}}`),
    deadLetters: drafts.flatMap((draft) =>
      draft.followUps.deadLetters.map((letter) => deadLetterRow(draft, letter, newKey(), payloads)),
    ),
    messages: drafts.flatMap((draft) =>
      draft.followUps.messages.map((message) => messageRow(draft, message, payloads)),
    ),
    signatures: drafts.flatMap((draft) => draft.closes.map((close) => signatureRow(draft, close, signer))),
  };
  const given = Object.entries(members).flatMap(([name, rows]) =>
    rows.length === 0 ? [] : [`"${name}":${array(rows)}`],
  );
  return given.length === 0 ? null : `{${given.join(",")}}`;
}

/** Of the tasks that were out before it closed, some were not ended by an event of their own. */
function leavesTasks({ before, followUps }: Draft): boolean {
  return followUps.closed && countOpenTasks(before.state) > followUps.drops.length;
}

/** Some of the tasks that come, go, or are held may share a limit with others. */
function changesKeyedTasks({ after: { state }, followUps: { dispatches, drops, hold, closed } }: Draft): boolean {
  if (dispatches.size === 0 && drops.length === 0 && hold === null && !closed) return false;
  return state.graph.hasConcurrencyKeys;
}

function takenRows({ after, taken }: Draft): string[] {
  return taken.map(
    ({ source, sequence, position }) => `{"e":${after.id},"s":${source},"q":${sequence},"p":${position}}`,
  );
}

function copyRow({ before }: Draft, { source, values }: Copy): string {
  return (
    `{"e":${before.id},"n":${before.namespaceId},"f":${source},"to":${before.state.sequence},` +
    `"h":${JSON.stringify(values)}}`
  );
}

function holdRows({ after, followUps: { hold } }: Draft): string[] {
  return hold === null ? [] : [`{"e":${after.id},"h":${hold.held},"ms":${hold.pausedMs}}`];
}

function approvalRow({ after }: Draft, asked: EffectOf<"open-approval">, payloads: PayloadCodec): string {
  const id = keyOf("approval", asked.approvalId);
  const words = (column: "title" | "description") =>
    text(asked[column] && sealText(payloads, asked[column], aboutApproval(after.namespaceId, id, column)));
  const form = sealJson(payloads, JSON.stringify(asked.form), aboutApproval(after.namespaceId, id, "form"));
  return (
    `{"a":${id},"e":${after.id},"n":${after.namespaceId},` +
    `"r":"${encodeStep(asked.step)}",${placeMembers(asked)},"ti":${words("title")},"de":${words("description")},` +
    `"as":${JSON.stringify(asked.assignees)},"al":${JSON.stringify(assigneeKeys(asked.assignees))},"fo":${asked.form === null ? "null" : form},"at":${text(asked.requestedAt)},` +
    `"ex":${text(asked.expiresAt)}}`
  );
}

function closedRow({ after }: Draft, closed: EffectOf<"close-approval">, payloads: PayloadCodec): string {
  const id = keyOf("approval", closed.approvalId);
  const comment = closed.comment && sealText(payloads, closed.comment, aboutApproval(after.namespaceId, id, "comment"));
  return (
    `{"a":${id},"e":${after.id},"st":"${closed.status}",${answerMember(after.namespaceId, id, closed, payloads)}` +
    `"co":${text(comment)},"by":${text(closed.decidedBy)},"at":${text(closed.at)}}`
  );
}

/** What was answered, or the reference to it; empty where there is neither. */
function answerMember(
  namespaceId: number,
  id: bigint,
  { data }: EffectOf<"close-approval">,
  payloads: PayloadCodec,
): string {
  if (data === null) return "";
  if ("ref" in data) return `"dr":${JSON.stringify(data.ref)},`;
  return `"da":${sealJson(payloads, JSON.stringify(data.json), aboutApproval(namespaceId, id, "data"))},`;
}

function deadLetterRow({ after }: Draft, letter: DeadLetter, key: bigint, payloads: PayloadCodec): string {
  const { error } = letter;
  const stored = sealError(payloads, error, aboutDeadLetter(after.namespaceId, key, "error"));
  return (
    `{"i":${key},"e":${after.id},"n":${after.namespaceId},"wf":${after.workflowId},` +
    `"w":${JSON.stringify(after.state.workflow)},"v":${after.state.version},${placeMembers(letter)},` +
    `"x":${letter.attempts},"er":${stored},"fp":"${fingerprint(error.code, error.message)}",` +
    `"st":"${letter.status}","at":"${letter.at}"}`
  );
}

function messageRow({ after }: Draft, message: SentMessage, payloads: PayloadCodec): string {
  const { sequence, position, kind, target, payload } = message;
  const about = aboutMessage(after.namespaceId, after.id, sequence, position);
  return (
    `{"e":${after.id},"n":${after.namespaceId},"q":${sequence},"p":${position},"k":"${kind}","t":${target},` +
    `"b":${sealJson(payloads, JSON.stringify(payload), about)}}`
  );
}

function signatureRow({ after }: Draft, { sequence, head }: Draft["closes"][number], signer: HeadSigner): string {
  const { id, namespaceId } = after;
  const hex = head.toString("hex");
  const { keyId, signature } = signer.sign({
    executionId: encodeId("execution", id),
    namespaceId,
    sequence,
    head: hex,
  });
  return `{"e":${id},"q":${sequence},"n":${namespaceId},"k":"${keyId}","h":"${hex}","g":"${signature.toString("hex")}"}`;
}

function placeMembers({
  node,
  iteration,
  index,
}: {
  node: string;
  iteration: number;
  index?: readonly number[];
}): string {
  return `"o":${JSON.stringify(node)},"it":${iteration},"ix":${index === undefined ? "null" : JSON.stringify(index)}`;
}
