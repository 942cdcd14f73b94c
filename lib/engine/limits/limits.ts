/** What a namespace may use, as the use cases ask for it. */
import type { Queryable } from "@/db/client";
import type { Clock } from "@/lib/clock";
import { HISTORY_EVENTS_MAX, PAYLOAD_BYTES } from "@/lib/contract/limits";
import type { Log } from "@/lib/log";
import { done, type Outcome, refused } from "../outcome";
import { SettingsCache } from "./namespace-settings";
import { OpenExecutions, type Settle } from "./open-executions";

/** Where it is absent the installation's own limit holds. */
export interface PayloadLimit {
  /** Of one payload of that namespace, as UTF-8 JSON. */
  payloadBytes(namespaceId: number): number;
}

/** Where it is absent everything may start. */
export interface StartLimit {
  /** Lets one more execution be opened, or refuses it as TOO_MANY_EXECUTIONS. */
  mayOpen(namespaceId: number): Promise<Outcome<Settle>>;
}

/** When one of very many executions may have closed. */
const RETRY_AFTER_MS = 5_000;
const NOTHING_TO_SETTLE: Settle = () => {};

export class Limits implements PayloadLimit, StartLimit {
  readonly settings: SettingsCache;
  readonly #open: OpenExecutions;

  constructor(ports: { db: Queryable; clock: Clock; log: Log }) {
    this.settings = new SettingsCache(ports);
    this.#open = new OpenExecutions(ports);
  }

  payloadBytes(namespaceId: number): number {
    return this.settings.known(namespaceId).limits.payloadBytes ?? PAYLOAD_BYTES;
  }

  historyEvents(namespaceId: number): number {
    return this.settings.known(namespaceId).limits.historyEvents ?? HISTORY_EVENTS_MAX;
  }

  async mayOpen(namespaceId: number): Promise<Outcome<Settle>> {
    const { openExecutions } = (await this.settings.of(namespaceId)).limits;
    if (openExecutions === null) return done(NOTHING_TO_SETTLE);
    const settle = await this.#open.take(namespaceId, openExecutions);
    if (settle !== null) return done(settle);
    const detail = `The namespace may have ${openExecutions} open executions.`;
    return refused("TOO_MANY_EXECUTIONS", detail, { retryAfterMs: RETRY_AFTER_MS });
  }
}
