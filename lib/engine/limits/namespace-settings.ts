/** What each namespace may use, remembered for a moment: a change is effective in every process within {@link CACHE_MS}. */
import type { Queryable } from "@/db/client";
import { type NamespaceSettingsRow, namespaceSettings } from "@/db/queries/namespace-settings";
import { firstRow } from "@/db/queries/query";
import type { Clock } from "@/lib/clock";
import { DEFAULT_SETTINGS, type NamespaceSettings, retentionSchema } from "@/lib/contract/namespace-settings";
import type { Log } from "@/lib/log";

export const CACHE_MS = 4_000;
/** More namespaces than one process serves in four seconds. */
const CACHE_ENTRIES = 10_000;

interface Entry {
  settings: NamespaceSettings;
  until: number;
}

interface Ports {
  db: Queryable;
  clock: Clock;
  log: Log;
}

/** Costs a statement for each namespace that is asked about, at most every four seconds, and nothing at rest. */
export class SettingsCache {
  readonly #entries = new Map<number, Entry>();
  readonly #loading = new Map<number, Promise<NamespaceSettings>>();

  constructor(private readonly ports: Ports) {}

  /** As they are, or were four seconds ago. Rejects where they were never read and the database cannot be reached. */
  async of(namespaceId: number): Promise<NamespaceSettings> {
    const entry = this.#entries.get(namespaceId);
    if (entry !== undefined && this.ports.clock.now() < entry.until) return entry.settings;
    return this.#load(namespaceId);
  }

  /** What is known of them at this moment, for whoever cannot wait; what is too old is read anew for the next one. */
  known(namespaceId: number): NamespaceSettings {
    const entry = this.#entries.get(namespaceId);
    if (entry === undefined || this.ports.clock.now() >= entry.until)
      this.#load(namespaceId).catch((error: unknown) =>
        this.ports.log.warn({ error, namespaceId }, "a namespace's settings cannot be read"),
      );
    return entry?.settings ?? DEFAULT_SETTINGS;
  }

  /** They were changed here. Other processes learn of it when theirs are too old. */
  forget(namespaceId: number): void {
    this.#entries.delete(namespaceId);
    this.#loading.delete(namespaceId);
  }

  #load(namespaceId: number): Promise<NamespaceSettings> {
    const running = this.#loading.get(namespaceId);
    if (running !== undefined) return running;
    const loading = this.#read(namespaceId).finally(() => {
      if (this.#loading.get(namespaceId) === loading) this.#loading.delete(namespaceId);
    });
    this.#loading.set(namespaceId, loading);
    return loading;
  }

  async #read(namespaceId: number): Promise<NamespaceSettings> {
    const until = this.ports.clock.now() + CACHE_MS;
    const settings = await readNamespaceSettings(this.ports.db, namespaceId);
    if (this.#entries.size >= CACHE_ENTRIES) this.#entries.delete(this.#entries.keys().next().value ?? 0);
    this.#entries.set(namespaceId, { settings, until });
    return settings;
  }
}

export async function readNamespaceSettings(db: Queryable, namespaceId: number): Promise<NamespaceSettings> {
  const row = await firstRow(db, namespaceSettings(namespaceId));
  return row === null ? DEFAULT_SETTINGS : settingsOf(row);
}

function settingsOf(row: NamespaceSettingsRow): NamespaceSettings {
  return {
    limits: {
      requestsPerMinute: row.requests_per_minute,
      openExecutions: row.open_executions,
      payloadBytes: row.payload_bytes,
      historyEvents: row.history_events,
    },
    retention: retentionSchema.parse(JSON.parse(row.retention ?? "{}")),
  };
}
