/** The rows beside events and tasks, as the SQL function `write_projections` takes them; null where a flush has none. */
import { assigneeKeys } from "@/lib/contract/approvals";
import type { EffectOf } from "@/lib/core/execution/effects";
import { encodeStep } from "../leasing/lease-token";
import { countOpenTasks } from "../open-tasks";
import type { Copy } from "./copy-history";
import type { Draft } from "./draft";
import { fingerprint } from "./fingerprint";
import type { DeadLetter, SentMessage } from "./follow-ups";
import { array, keyOf, text } from "./json-text";

/** @param starts the new executions among the drafts */
export function projectionRows(
  starts: ReadonlyMap<Draft, { copy: Copy | null }>,
  drafts: readonly Draft[],
  newKey: () => bigint,
): string | null {
  const members = {
    taken: drafts.flatMap(takenRows),
    keyed: drafts.filter(changesKeyedTasks).map(({ after }) => `{"e":${after.id}}`),
    copies: [...starts].flatMap(([draft, { copy }]) => (copy === null ? [] : [copyRow(draft, copy)])),
    holds: drafts.flatMap(holdRows),
    clears: drafts.filter(leavesTasks).map(({ after }) => `{"e":${after.id}}`),
    approvals: drafts.flatMap((draft) => draft.followUps.approvals.map((asked) => approvalRow(draft, asked))),
    closed: drafts.flatMap((draft) => draft.followUps.closedApprovals.map((closed) => closedRow(draft, closed))),
    retried: drafts.filter(({ followUps }) => followUps.retriesDeadLetters).map(({ after }) => `{"e":${after.id}}`),
    deadLetters: drafts.flatMap((draft) =>
      draft.followUps.deadLetters.map((letter) => deadLetterRow(draft, letter, newKey())),
    ),
    messages: drafts.flatMap((draft) => draft.followUps.messages.map((message) => messageRow(draft, message))),
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

function approvalRow({ after }: Draft, asked: EffectOf<"open-approval">): string {
  return (
    `{"a":${keyOf("approval", asked.approvalId)},"e":${after.id},"n":${after.namespaceId},` +
    `"r":"${encodeStep(asked.step)}",${placeMembers(asked)},"ti":${text(asked.title)},"de":${text(asked.description)},` +
    `"as":${JSON.stringify(asked.assignees)},"al":${JSON.stringify(assigneeKeys(asked.assignees))},"fo":${JSON.stringify(asked.form)},"at":${text(asked.requestedAt)},` +
    `"ex":${text(asked.expiresAt)}}`
  );
}

function closedRow({ after }: Draft, closed: EffectOf<"close-approval">): string {
  const { data } = closed;
  const held =
    data === null ? "" : "json" in data ? `"da":${JSON.stringify(data.json)},` : `"dr":${JSON.stringify(data.ref)},`;
  return (
    `{"a":${keyOf("approval", closed.approvalId)},"e":${after.id},"st":"${closed.status}",${held}` +
    `"co":${text(closed.comment)},"by":${text(closed.decidedBy)},"at":${text(closed.at)}}`
  );
}

function deadLetterRow({ after }: Draft, letter: DeadLetter, key: bigint): string {
  const { error } = letter;
  return (
    `{"i":${key},"e":${after.id},"n":${after.namespaceId},"wf":${after.workflowId},` +
    `"w":${JSON.stringify(after.state.workflow)},"v":${after.state.version},${placeMembers(letter)},` +
    `"x":${letter.attempts},"er":${JSON.stringify(error)},"fp":"${fingerprint(error.code, error.message)}",` +
    `"st":"${letter.status}","at":"${letter.at}"}`
  );
}

function messageRow({ after }: Draft, { sequence, position, kind, target, payload }: SentMessage): string {
  return (
    `{"e":${after.id},"n":${after.namespaceId},"q":${sequence},"p":${position},"k":"${kind}","t":${target},` +
    `"b":${JSON.stringify(payload)}}`
  );
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
