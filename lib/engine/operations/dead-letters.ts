/** Operations on dead letters: for each the same use case as for one alone. */
import {
  countDeadLetters,
  type DeadLetterFilter,
  deadLetterById,
  matchingDeadLetters,
} from "@/db/queries/dead-letters";
import { allRows, firstRow } from "@/db/queries/query";
import type { OperationRow } from "@/db/stores/operations";
import type { DeadLetterFilter as AskedFilter, DeadLetterAction } from "@/lib/contract/dead-letters";
import { encodeId } from "@/lib/contract/ids";
import type { Caller } from "../caller";
import type { Outcome } from "../outcome";
import { resolveDeadLetter } from "../resolve-dead-letter";
import { retryDeadLetter } from "../retry-dead-letter";
import { judgedAlone, type OperationPorts, type Subject } from "./subject";

/** How an operation names its action on dead letters. */
export type DeadLetterOperation = `${DeadLetterAction}-dead-letters`;

export interface DeadLetterCommand {
  note?: string;
}

type Verb = (
  ports: OperationPorts,
  caller: Caller,
  id: string,
  command: DeadLetterCommand,
  key: string,
) => Promise<Outcome<unknown>>;

const ACTIONS: Record<DeadLetterOperation, Verb> = {
  "retry-dead-letters": (ports, caller, id, { note: reason }, key) =>
    retryDeadLetter(ports, caller, id, { reason }, key),
  "resolve-dead-letters": resolveDeadLetter,
};

export function isDeadLetterOperation(action: string): action is DeadLetterOperation {
  return Object.hasOwn(ACTIONS, action);
}

export const deadLetterSubject: Subject = {
  async count(db, operation, before, limit) {
    const counted = await firstRow(db, countDeadLetters(selection(operation, before, limit)));
    return counted ?? { found: 0, last: null };
  },
  async page(db, operation, before, limit) {
    const rows = await allRows(db, matchingDeadLetters(selection(operation, before, limit)));
    return rows.map(({ id }) => id);
  },
  async act(ports, { id: operationId, namespaceId, actor, action, command }, id) {
    const deadLetterId = encodeId("deadLetter", id);
    // As it was checked when the operation was asked for.
    const verb = ACTIONS[action as DeadLetterOperation];
    const key = encodeId("operation", operationId);
    const outcome = await judgedAlone(
      verb(ports, { namespaceId, actor }, deadLetterId, JSON.parse(command) as DeadLetterCommand, key),
    );
    if (outcome.ok) return null;
    const row = await firstRow(ports.db, deadLetterById(namespaceId, id));
    const of = row === null ? {} : { executionId: encodeId("execution", row.execution_id) };
    return { deadLetterId, ...of, code: outcome.code, message: outcome.detail ?? outcome.code };
  },
};

/** Open ones that were there when the operation was asked for: keys of both are of one kind. */
function selection({ id, namespaceId, filter }: OperationRow, before: bigint | null, limit: number): DeadLetterFilter {
  return {
    ...(JSON.parse(filter ?? "{}") as AskedFilter),
    namespaceId,
    statuses: ["open"],
    before: before ?? id,
    limit,
  };
}
