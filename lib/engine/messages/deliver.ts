/**
 * Delivers what one execution has for others. Each message takes its effect in the flush that takes it out, so it may be
 * delivered twice, late, or by two at once; those for one execution go in the order in which they were decided.
 */
import type { Queryable } from "@/db/client";
import { type MessageRow, readMessages, removeMessage } from "@/db/stores/messages";
import type { ErrorInfo, Parent } from "@/lib/contract/history";
import { decodeId, encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import { atEvent, refOf } from "@/lib/core/execution/draft";
import type { Log } from "@/lib/log";
import type { Applied, Door, Submission } from "../door/door";
import { type EventStore, UnfoldableHistory } from "../door/event-store";
import type { Faults } from "../door/faults";
import type { Graphs } from "../graphs";
import { inputErrors } from "../input-schema";
import { type MessageKey, type Payload, payloadSchemas } from "./message";

export interface DeliveryPorts {
  db: Queryable;
  door: Pick<Door, "apply" | "start" | "state">;
  graphs: Pick<Graphs, "named">;
  /** Where the large values of a source are read. */
  histories: Pick<EventStore, "values">;
  faults: Faults;
  log: Log;
}

/** Each may carry a megabyte. */
const PAGE = 100;

/**
 * What is for an execution in quarantine stays until that is lifted. Throws where something could not be delivered for a
 * reason that may pass; all that could be is delivered by then.
 */
export async function deliverMessages(ports: DeliveryPorts, namespaceId: number, source: bigint): Promise<void> {
  const delivery = new Delivery(ports, namespaceId, source);
  let after: { sequence: number; position: number } | undefined = { sequence: 0, position: 0 };
  while (after !== undefined) {
    const rows: MessageRow[] = await readMessages(ports.db, namespaceId, source, after, PAGE);
    await delivery.deliver(rows);
    after = rows.length < PAGE ? undefined : rows.at(-1);
  }
  if (delivery.failures.length > 0) throw delivery.failures[0];
}

class Delivery {
  readonly failures: unknown[] = [];
  /** Executions that a message could not be delivered to: later ones for them must not overtake it. */
  readonly #blocked = new Set<bigint>();

  constructor(
    readonly ports: DeliveryPorts,
    readonly namespaceId: number,
    readonly source: bigint,
  ) {}

  async deliver(rows: readonly MessageRow[]): Promise<void> {
    const chains = new Map<bigint, MessageRow[]>();
    for (const row of rows) chains.set(row.target, [...(chains.get(row.target) ?? []), row]);
    await Promise.all([...chains].map(([target, chain]) => this.#inOrder(target, chain)));
  }

  async #inOrder(target: bigint, chain: readonly MessageRow[]): Promise<void> {
    const { faults } = this.ports;
    try {
      for (const row of chain) {
        if (this.#blocked.has(target)) return;
        await faults.reach("deliver:before");
        if (!(await this.#deliverOne(row))) this.#blocked.add(target);
        await faults.reach("deliver:after");
      }
    } catch (error) {
      this.#blocked.add(target);
      this.failures.push(error);
    }
  }

  /** False where it stays for later. */
  async #deliverOne(row: MessageRow): Promise<boolean> {
    const payload: unknown = JSON.parse(row.payload);
    switch (row.kind) {
      case "start-child":
        return this.#startChild(row, payloadSchemas["start-child"].parse(payload));
      case "cancel-child": {
        const { reason } = payloadSchemas["cancel-child"].parse(payload);
        return this.#apply(row, row.target, { type: "cancel", reason });
      }
      case "tell-parent": {
        const { parent, status, error, ...held } = payloadSchemas["tell-parent"].parse(payload);
        const output = await this.#value(held);
        return this.#tellParent(row, parent, this.source, { status, output, error });
      }
    }
  }

  async #startChild(row: MessageRow, payload: Payload<"start-child">): Promise<boolean> {
    const { db, door, graphs } = this.ports;
    const { workflow, version, priority, correlationId, parent, trace } = payload;
    const published = await graphs.named(this.namespaceId, workflow, version);
    const input = (await this.#value(payload)) ?? null;
    const refusal =
      published === null ? noSuchVersion(payload) : refusedInput(inputErrors(published.definition, input));
    if (published === null || refusal !== null) return this.#refuse(row, parent, refusal ?? noSuchVersion(payload));
    const applied = await door.start({
      namespaceId: this.namespaceId,
      actor: "engine",
      workflowId: published.workflowId,
      version,
      command: {
        type: "start",
        workflow,
        version,
        hash: published.hash,
        input,
        priority,
        parent,
        ...(correlationId === null ? {} : { correlationId }),
        ...(trace === undefined ? {} : { trace }),
      },
      idempotencyKey: null,
      requestHash: null,
      executionId: row.target,
      message: this.#keyOf(row),
    });
    if (applied.outcome === "started") return true;
    const isThere = (await door.state({ namespaceId: this.namespaceId, executionId: row.target })) !== null;
    // Somebody else is starting it at this moment; what comes after for it has to wait for that.
    if (!isThere) throw new Error("another delivery of this message is under way");
    await removeMessage(db, this.namespaceId, this.#keyOf(row));
    return true;
  }

  async #refuse(row: MessageRow, parent: Parent, error: ErrorInfo): Promise<boolean> {
    const child = encodeId("execution", row.target);
    this.ports.log.warn(
      { executionId: child, parent: parent.executionId, code: error.code },
      "a child was not started",
    );
    return this.#tellParent(row, parent, row.target, { status: "failed", output: undefined, error });
  }

  async #tellParent(
    row: MessageRow,
    parent: Parent,
    child: bigint,
    { status, output, error }: { status: string; output: JsonValue | undefined; error: ErrorInfo | null },
  ): Promise<boolean> {
    const target = decodeId("execution", parent.executionId);
    if (target === null) throw new Error(`not an execution id: ${parent.executionId}`);
    const { door } = this.ports;
    try {
      const state = await door.state({ namespaceId: this.namespaceId, executionId: target });
      if (state === null) return this.#undeliverable(row);
      return this.#apply(row, target, {
        type: "child-closed",
        step: refOf(atEvent(state, parent)),
        executionId: encodeId("execution", child),
        status,
        ...(output === undefined ? {} : { output }),
        ...(error === null ? {} : { error }),
      });
    } catch (failure) {
      if (failure instanceof UnfoldableHistory) return false;
      throw failure;
    }
  }

  /** Whatever the execution replies, the message has had its effect; only where there is none has it to be removed. */
  async #apply(row: MessageRow, executionId: bigint, command: Submission["command"]): Promise<boolean> {
    const { namespaceId } = this;
    const { reply }: Applied = await this.ports.door.apply({
      namespaceId,
      executionId,
      actor: "engine",
      command,
      message: this.#keyOf(row),
    });
    if (reply === "not-found") return this.#undeliverable(row);
    return reply !== "quarantined";
  }

  async #undeliverable(row: MessageRow): Promise<boolean> {
    await removeMessage(this.ports.db, this.namespaceId, this.#keyOf(row));
    return true;
  }

  #keyOf({ sequence, position }: MessageRow): MessageKey {
    return { source: this.source, sequence, position };
  }

  async #value(held: { value?: JsonValue; valueRef?: { hash: string } }): Promise<JsonValue | undefined> {
    if (held.valueRef === undefined) return held.value;
    const { hash } = held.valueRef;
    const found = (await this.ports.histories.values(this.source, [hash])).get(hash);
    if (found === undefined) throw new Error(`a large value of execution ${this.source} is missing`);
    return found;
  }
}

function noSuchVersion({ workflow, version }: Payload<"start-child">): ErrorInfo {
  return { code: "WORKFLOW_NOT_FOUND", message: `Workflow ${workflow} has no version ${version}.` };
}

function refusedInput(errors: ReturnType<typeof inputErrors>): ErrorInfo | null {
  const [first] = errors;
  if (first === undefined) return null;
  const message = `The input does not fit the workflow's input schema: ${first.path}: ${first.message}`;
  return { code: "INVALID_INPUT", message, details: { errors } };
}
