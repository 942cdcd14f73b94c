/**
 * Tells destinations what triggers wrote down for them. What is written is told at least once: the job may run twice, late, or
 * after any death; a receiver tells repetitions by their id. Ten messages a minute at most: of more failures than that, the
 * last message of the minute tells how many there were.
 *
 *   written --sent--> delivered        written --not sent--> written, tried again later --after a day--> failed
 */
import { z } from "zod";
import type { Queryable } from "@/db/client";
import {
  type DestinationRow,
  destinationToTell,
  type OpenDeliveryRow,
  openDeliveries,
  sentSince,
} from "@/db/queries/alerts";
import { deadLetterById } from "@/db/queries/dead-letters";
import { firstRow } from "@/db/queries/query";
import { armAlert, dropOpen, noteDelivered, noteFailed, noteTest } from "@/db/stores/alerts";
import type { Clock } from "@/lib/clock";
import type { ErrorInfo } from "@/lib/contract/history";
import { encodeId } from "@/lib/contract/ids";
import type { Log } from "@/lib/log";
import type { Door } from "../door/door";
import type { Guard } from "../http-steps/guard";
import type { AlertDigest, AlertFacts, AlertMessage } from "./alert-message";
import { AlertSecrets } from "./alert-secrets";
import { type SendMail, sendAlert } from "./send-alert";

export interface AlertPorts {
  db: Queryable;
  clock: Clock;
  door: Pick<Door, "state">;
  guard: Guard;
  mail?: SendMail;
  /** What links begin with; null: there are none. */
  publicUrl: string | null;
  log: Log;
}

export const MESSAGES_A_MINUTE = 10;
const MINUTE_MS = 60_000;
const GIVE_UP_MS = 24 * 60 * MINUTE_MS;
/** The first time; then twice as long each time. See the query, which knows the same. */
const RETRY_MS = 5_000;
const LOOK_AGAIN_MS = 5 * MINUTE_MS;
/** As many as one digest tells. */
const READ_AT_ONCE = 5_000;

/** See the SQL function `arm_alert`, which adds this. */
const payloadSchema = z.object({ destination: z.string().regex(/^\d{1,19}$/) });

export class Alerts {
  readonly secrets: AlertSecrets;

  constructor(readonly ports: AlertPorts) {
    this.secrets = new AlertSecrets(ports.db);
  }

  /** The job `alert`. */
  readonly job = async (payload: unknown): Promise<void> => {
    await this.tell(BigInt(payloadSchema.parse(payload).destination));
  };

  /** Everything that is due, and sets the alarm for what is due later. */
  async tell(id: bigint): Promise<void> {
    const { db, clock } = this.ports;
    const destination = await firstRow(db, destinationToTell(id));
    if (destination === null) return;
    if (!destination.enabled) return dropOpen(db, id, new Date(clock.now()));
    for (;;) {
      const now = clock.now();
      const [due, sent] = [
        (await db.query<OpenDeliveryRow>(openDeliveries(destination, new Date(now), READ_AT_ONCE))).rows,
        await firstRow(db, sentSince(destination, new Date(now - MINUTE_MS))),
      ];
      const left = MESSAGES_A_MINUTE - (sent?.messages ?? 0);
      if (due.length === 0 || left <= 0) {
        // A destination that has had its fill is looked at again when the first message of this minute is a minute old.
        const next = due.length === 0 ? sent?.next?.getTime() : (sent?.first?.getTime() ?? now) + MINUTE_MS;
        return next === undefined ? undefined : this.#arm(id, next);
      }
      const told = left === 1 ? due : due.slice(0, 1);
      const error = await this.#send(destination, told);
      const at = clock.now();
      if (error === null) await noteDelivered(db, idsOf(told), new Date(at));
      else {
        // Whoever does not take one now would not take the others.
        await noteFailed(db, idsOf(due), { at: new Date(at), giveUpBefore: new Date(at - GIVE_UP_MS), error });
        return this.#arm(id, at + RETRY_MS * 2 ** Math.min(due[0]?.attempts ?? 0, 16));
      }
    }
  }

  /** What is written meanwhile waits for this job: so it never waits for long. */
  async #arm(id: bigint, at: number): Promise<void> {
    const { db, clock } = this.ports;
    await armAlert(db, id, new Date(Math.min(at, clock.now() + LOOK_AGAIN_MS)));
  }

  /** Sends a message now, to see whether it arrives. Null: it did; else why not. */
  async test(destination: DestinationRow): Promise<string | null> {
    const { db, clock } = this.ports;
    const now = clock.now();
    const facts: AlertFacts = {
      event: "test",
      namespace: destination.namespace,
      at: new Date(now).toISOString(),
      execution: null,
      deadLetterId: null,
      error: null,
      link: this.ports.publicUrl,
    };
    const error = await this.#attempt(destination, `${encodeId("alert", destination.id)}.${now}`, {
      kind: "single",
      facts,
    });
    await noteTest(db, destination, new Date(now), error);
    return error;
  }

  /** One message for all of them. */
  async #send(destination: DestinationRow, rows: readonly OpenDeliveryRow[]): Promise<string | null> {
    const [first] = rows;
    if (first === undefined) return null;
    const message: AlertMessage =
      rows.length === 1
        ? { kind: "single", facts: await this.#facts(destination, first) }
        : { kind: "digest", digest: this.#digest(destination, rows) };
    return this.#attempt(destination, encodeId("delivery", first.id), message);
  }

  async #attempt(destination: DestinationRow, id: string, message: AlertMessage): Promise<string | null> {
    const { clock, guard, mail, log } = this.ports;
    const ports = { secrets: this.secrets, guard, mail, now: () => clock.now() };
    try {
      return await sendAlert(ports, destination, id, message);
    } catch (error) {
      log.error({ error, alert: encodeId("alert", destination.id) }, "an alert could not be sent");
      return "It could not be sent; the server's log says why.";
    }
  }

  async #facts(destination: DestinationRow, row: OpenDeliveryRow): Promise<AlertFacts> {
    const { executionId, deadLetterId } = row;
    const id = executionId === null ? null : encodeId("execution", executionId);
    const { key, workflow, version, status } = row;
    return {
      event: row.event,
      namespace: destination.namespace,
      at: row.createdAt.toISOString(),
      execution: id === null ? null : { id, key, workflow, version, status },
      deadLetterId: deadLetterId === null ? null : encodeId("deadLetter", deadLetterId),
      error: await this.#errorOf(destination, row),
      link: id === null ? null : this.#link(`/executions/${id}`),
    };
  }

  /** Code and message alone: details may hold anything. Null where nothing can be said. */
  async #errorOf(
    { namespaceId }: DestinationRow,
    { executionId, deadLetterId, event }: OpenDeliveryRow,
  ): Promise<AlertFacts["error"]> {
    const { db, door } = this.ports;
    try {
      if (deadLetterId !== null) {
        const letter = await firstRow(db, deadLetterById(namespaceId, deadLetterId));
        return letter && shortened(JSON.parse(letter.error) as ErrorInfo);
      }
      if (executionId === null || event === "execution.quarantined") return null;
      const state = await door.state({ namespaceId, executionId });
      return state?.error ? shortened(state.error) : null;
    } catch {
      // That it failed is told all the same.
      return null;
    }
  }

  #digest({ namespace }: DestinationRow, rows: readonly OpenDeliveryRow[]): AlertDigest {
    const groups = new Map<string, AlertDigest["groups"][number]>();
    for (const { event, workflow } of rows) {
      const group = groups.get(`${event} ${workflow}`) ?? { event, workflow, count: 0 };
      groups.set(`${event} ${workflow}`, { ...group, count: group.count + 1 });
    }
    const times = rows.map(({ createdAt }) => createdAt.getTime());
    return {
      namespace,
      from: new Date(Math.min(...times)).toISOString(),
      to: new Date(Math.max(...times)).toISOString(),
      count: rows.length,
      groups: [...groups.values()].toSorted((a, b) => b.count - a.count),
      link: this.#link("/executions?status=failed"),
    };
  }

  #link(path: string): string | null {
    const { publicUrl } = this.ports;
    return publicUrl === null ? null : `${publicUrl}${path}`;
  }
}

function idsOf(rows: readonly OpenDeliveryRow[]): bigint[] {
  return rows.map(({ id }) => id);
}

function shortened({ code, message }: ErrorInfo): AlertFacts["error"] {
  return { code, message };
}
