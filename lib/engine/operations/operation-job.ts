/**
 * The job that works on an operation: one page, then the next job, so that a process that stops never waits for it. A page
 * is written down before it is worked on, and working on it twice does no harm: every command carries the operation's id
 * as its idempotency key, and of two that finish the same page only the first counts.
 */
import { z } from "zod";
import type { Queryable } from "@/db/client";
import {
  claimPage,
  nextIds,
  noteCounted,
  noteDone,
  type OperationRow,
  unfinishedOperation,
} from "@/db/stores/operations";
import { OPERATION_ERRORS_MAX, type Operation } from "@/lib/contract/operations";
import { deadLetterSubject, isDeadLetterOperation } from "./dead-letters";
import { executionSubject } from "./executions";
import type { ItemError, OperationPorts, Subject } from "./subject";

/** In decimal; see the store, which writes this with every page. */
const payloadSchema = z.object({ operation: z.string().regex(/^\d{1,19}$/) });

const COUNT_PAGE = 10_000;
const PAGE = 500;
/** More would only wait for the same flush, and keep others out of it. */
const AT_ONCE = 100;

export function createOperationJob(ports: OperationPorts): (payload: unknown) => Promise<void> {
  return async (payload) => {
    const operation = await unfinishedOperation(ports.db, BigInt(payloadSchema.parse(payload).operation));
    if (operation === null) return;
    await (operation.counted ? actOnPage(ports, operation) : countPage(ports, operation));
  };
}

async function countPage({ db }: OperationPorts, operation: OperationRow): Promise<void> {
  const { found, last } = await subjectOf(operation).count(db, operation, operation.countedTo, COUNT_PAGE);
  await noteCounted(db, operation, { found, last, all: found < COUNT_PAGE });
}

async function actOnPage(ports: OperationPorts, operation: OperationRow): Promise<void> {
  const subject = subjectOf(operation);
  const ids = operation.page ?? (await nextPage(ports.db, subject, operation));
  if (operation.page === null && !(await claimPage(ports.db, operation, ids))) return;
  const errors: ItemError[] = [];
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const outcomes = await Promise.all(ids.slice(i, i + AT_ONCE).map((id) => subject.act(ports, operation, id)));
    errors.push(...outcomes.filter((error) => error !== null));
  }
  const known = JSON.parse(operation.errors) as Operation["errors"];
  await noteDone(ports.db, operation, {
    last: ids.at(-1) ?? null,
    done: ids.length - errors.length,
    failed: errors.length,
    errors: JSON.stringify([...known, ...errors].slice(0, OPERATION_ERRORS_MAX)),
    finishedAt: ids.length < PAGE ? new Date(ports.clock.now()) : null,
  });
}

function subjectOf({ action }: OperationRow): Subject {
  return isDeadLetterOperation(action) ? deadLetterSubject : executionSubject;
}

async function nextPage(db: Queryable, subject: Subject, operation: OperationRow): Promise<bigint[]> {
  if (operation.filter === null) return nextIds(db, operation.id, operation.cursor, PAGE);
  return subject.page(db, operation, operation.cursor, PAGE);
}
