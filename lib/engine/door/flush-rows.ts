/** Drafts as the rows of one flush: JSON texts put together by hand, for keys are wider than JavaScript's numbers. */
import type { PayloadCodec } from "@/db/payload-codec";
import { sealJson } from "@/db/sealed-payloads";
import type { FlushRows } from "@/db/stores/flush";
import { aboutEvent, aboutValue } from "@/db/stores/histories";
import type { ReadyKind } from "@/db/stores/task-leases";
import type { ChangedRoom } from "@/lib/contract/changes";
import { encodeStep } from "../leasing/lease-token";
import { openTasks } from "../open-tasks";
import { encodeAnnouncement } from "../process/announcements";
import type { HeadSigner } from "../signing/signer";
import type { Copy } from "./copy-history";
import type { Announcement, LeaseRequest, NamespaceChange } from "./door";
import type { Draft } from "./draft";
import { array, instant, keyOf, text } from "./json-text";
import { projectionRows } from "./projection-rows";

/** What a start adds to the draft of its first events. */
export interface StartRow {
  key: string | null;
  idempotencyKey: string | null;
  requestHash: string | null;
  /** Of a fork: where its history begins. */
  copy: Copy | null;
}

export function flushRows(
  starts: ReadonlyMap<Draft, StartRow>,
  advances: readonly Draft[],
  leases: readonly LeaseRequest[],
  origin: { slot: number; newKey: () => bigint; fault: string | null; payloads: PayloadCodec; signer: HeadSigner },
): FlushRows {
  const { payloads } = origin;
  const drafts = [...starts.keys(), ...advances];
  const written = drafts.filter((draft) => draft.events.length > 0);
  return {
    starts: array([...starts].map(([draft, row]) => startRow(draft, row))),
    advances: array(advances.map(advanceRow)),
    guards: array(advances.flatMap(guardRows)),
    events: array(drafts.flatMap((draft) => eventRows(draft, payloads))),
    values: array(drafts.flatMap((draft) => valueRows(draft, payloads))),
    dispatches: array(drafts.flatMap(dispatchRows)),
    drops: array(drafts.flatMap(dropRows)),
    counts: array([...[...starts.keys()].map(startCount), ...advances.flatMap(changeCounts)]),
    wakes: array(drafts.filter((draft) => draft.wake != null).map(wakeRow)),
    projections: projectionRows(starts, drafts, origin),
    leases: array(leases.map(leaseRow)),
    notify: written.length === 0 ? null : encodeAnnouncement(origin.slot, announcement(written, starts)),
    fault: origin.fault,
  };
}

/** @param starts the new executions among the drafts */
export function announcement(drafts: readonly Draft[], starts: ReadonlyMap<Draft, unknown>): Announcement {
  const queues = new Map<string, Announcement["queues"][number]>();
  for (const { namespaceId, queue } of readyTasks(drafts))
    queues.set(`${namespaceId} ${queue}`, { namespaceId, queue });
  return {
    executions: drafts.map(({ after }) => ({
      id: after.id,
      sequence: after.state.sequence,
      closed: after.state.closedAt !== null,
    })),
    queues: [...queues.values()],
    changes: changesOf(drafts, starts),
  };
}

function changesOf(drafts: readonly Draft[], starts: ReadonlyMap<Draft, unknown>): NamespaceChange[] {
  const changes = new Map<number, Set<ChangedRoom>>();
  for (const draft of drafts) {
    const rooms = changes.get(draft.after.namespaceId) ?? new Set();
    changes.set(draft.after.namespaceId, rooms);
    for (const room of changedRooms(draft, starts.has(draft))) rooms.add(room);
  }
  return [...changes].flatMap(([namespaceId, rooms]) => (rooms.size === 0 ? [] : [{ namespaceId, rooms: [...rooms] }]));
}

/** A step more within an execution is seen on the execution's own page; its room lists what only a new status changes. */
function changedRooms({ before, after, followUps }: Draft, isNew: boolean): ChangedRoom[] {
  const { approvals, closedApprovals, deadLetters, retriesDeadLetters, dispatches, drops, hold } = followUps;
  const rooms: ChangedRoom[] = [];
  if (isNew || before.status !== after.status) rooms.push("executions");
  if (approvals.length + closedApprovals.length > 0) rooms.push("approvals");
  if (deadLetters.length > 0 || retriesDeadLetters) rooms.push("dead-letters");
  if (dispatches.size + drops.length > 0 || hold !== null) rooms.push("queues", "workers");
  return rooms;
}

/** What a flush makes ready to be leased. */
export function readyTasks(drafts: readonly Draft[]): ReadyKind[] {
  return drafts.flatMap(({ after: { namespaceId, state }, followUps: { dispatches, hold } }) => {
    const released = hold?.held === false ? openTasks(state) : [];
    const dispatched = [...dispatches.values()].filter(({ held }) => !held);
    return [
      ...released.map(({ queue, task }) => ({ namespaceId, queue, task })),
      ...dispatched.map(({ queue, task, stickyWorker }) => ({
        namespaceId,
        queue,
        task,
        ...(stickyWorker === null ? {} : { worker: keyOf("worker", stickyWorker) }),
      })),
    ];
  });
}

function startRow({ after, wake }: Draft, row: StartRow): string {
  const { id, namespaceId, workflowId, state } = after;
  const tags = state.tags.length === 0 ? "null" : JSON.stringify(state.tags);
  return (
    `{"id":${id},"ns":${namespaceId},"wf":${workflowId},"v":${state.version},"seq":${state.sequence},"st":"${state.status}",` +
    `"head":"${after.head.toString("hex")}","wake":${instant(wake)},"started":${instant(state.startedAt)},` +
    `"closed":${instant(state.closedAt)},"key":${text(row.key)},"idem":${text(row.idempotencyKey)},` +
    `"rh":${text(row.requestHash)},"corr":${text(state.correlationId)},"tags":${tags}` +
    (state.startAt === null ? "" : `,"at":${instant(state.startAt)}`) +
    (state.parent === null ? "" : `,"parent":${keyOf("execution", state.parent.executionId)}`) +
    (row.copy === null ? "}" : `,"fork":${row.copy.source}}`)
  );
}

function advanceRow({ before, after, wake }: Draft): string {
  const { state } = after;
  return (
    `{"id":${after.id},"expect":${before.state.sequence},"seq":${state.sequence},"st":"${state.status}",` +
    `"head":"${after.head.toString("hex")}","closed":${instant(state.closedAt)},` +
    (before.state.startedAt === state.startedAt ? "" : `"started":${instant(state.startedAt)},`) +
    `"setwake":${wake !== undefined},"wake":${instant(wake)}}`
  );
}

function guardRows({ after, guards }: Draft): string[] {
  return guards.map(({ taskId, secret }) => `{"e":${after.id},"t":${taskId},"k":${secret}}`);
}

function eventRows({ after: { id, namespaceId }, events }: Draft, payloads: PayloadCodec): string[] {
  return events.map(({ event, dataText }) => {
    const data = sealJson(payloads, dataText, aboutEvent(namespaceId, id, event.sequence));
    return (
      `{"e":${id},"s":${event.sequence},"n":${namespaceId},"c":${event.command},"y":"${event.type}",` +
      `"a":"${event.at}","r":${JSON.stringify(event.actor)},"d":${data}}`
    );
  });
}

function valueRows({ after: { id, namespaceId }, values }: Draft, payloads: PayloadCodec): string[] {
  return values.map(({ hash, json }) => {
    const body = sealJson(payloads, JSON.stringify(json), aboutValue(namespaceId, id, hash));
    return `{"e":${id},"n":${namespaceId},"h":"${hash}","b":${body}}`;
  });
}

function dispatchRows({ after, followUps }: Draft): string[] {
  return [...followUps.dispatches.values()].map(
    (task) =>
      `{"e":${after.id},"t":${keyOf("task", task.taskId)},"n":${after.namespaceId},"p":${task.priority},` +
      `"q":${JSON.stringify(task.queue)},"k":${JSON.stringify(task.task)},"r":"${encodeStep(task.step)}",` +
      `"am":${task.attemptTimeoutMs},"hm":${task.heartbeatTimeoutMs},"qm":${task.queueTimeoutMs}` +
      (task.held ? `,"h":true` : "") +
      (task.concurrencyKey === null
        ? ""
        : `,"ck":${JSON.stringify(task.concurrencyKey)},"cl":${task.concurrencyLimit}`) +
      (task.stickyWorker === null ? "}" : `,"sw":${keyOf("worker", task.stickyWorker)}}`),
  );
}

function dropRows({ after, followUps }: Draft): string[] {
  return followUps.drops.map((taskId) => `{"e":${after.id},"t":${keyOf("task", taskId)}}`);
}

function startCount({ after }: Draft): string {
  return countRow(after, after.status, 1);
}

function changeCounts({ before, after }: Draft): string[] {
  return before.status === after.status ? [] : [countRow(after, before.status, -1), countRow(after, after.status, 1)];
}

function countRow({ id, workflowId, namespaceId }: Draft["after"], status: string, delta: number): string {
  return `{"e":${id},"wf":${workflowId},"n":${namespaceId},"st":"${status}","d":${delta}}`;
}

function wakeRow({ after, wake }: Draft): string {
  return `{"e":${after.id},"n":${after.namespaceId},"at":${instant(wake)}}`;
}

function leaseRow({ workerId, requestId, capacity }: LeaseRequest, i: number): string {
  return `{"i":${i},"w":${workerId},"q":${text(requestId)},"c":${capacity}}`;
}
