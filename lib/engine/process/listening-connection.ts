/**
 * One connection to PostgreSQL that is there for its session, not for its speed: it holds locks and listens. When it
 * breaks it is opened again, for as long as it takes.
 *
 *   opening --entered--> open --error, end or a failed query--> waiting --back-off--> opening
 *      any state --close--> closed
 */
import pg from "pg";
import type { Queryable } from "@/db/client";
import type { Log } from "@/lib/log";

export interface ListeningOptions {
  connectionString: string;
  channel: string;
  /** Takes what the session holds; it counts as open once this has resolved. If it throws, another connection is tried. */
  enter(session: Queryable): Promise<void>;
  /** The session is gone, and what it held with it. */
  lost(): void;
  notified(payload: string): void;
  log: Log;
}

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;
/** A server that takes longer to answer a trivial statement counts as gone. */
const QUERY_TIMEOUT_MS = 10_000;

export class NotListening extends Error {
  override name = "NotListening";
}

export class ListeningConnection implements Queryable {
  #client: pg.Client | null = null;
  #closed = false;
  #retry: NodeJS.Timeout | null = null;
  #failures = 0;

  constructor(readonly options: ListeningOptions) {}

  /** The first connection; throws where there is none to be had, so that a wrong address is seen at once. */
  async open(): Promise<void> {
    const client = this.#newClient();
    try {
      await this.#enter(client);
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#client !== null;
  }

  /** Runs a statement on the session. One that the connection does not survive, or that hangs, ends it. */
  async query<Row extends pg.QueryResultRow>(config: pg.QueryConfig | string, values?: unknown[]) {
    const client = this.#client;
    if (client === null) throw new NotListening("the listening connection is being opened again");
    try {
      return await client.query<Row>(config, values);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) this.#lose(client, error);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  #newClient(): pg.Client {
    return new pg.Client({
      connectionString: this.options.connectionString,
      application_name: "cerebelum listening",
      connectionTimeoutMillis: 5_000,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
    });
  }

  async #enter(client: pg.Client): Promise<void> {
    let ended = false;
    const end = (error: unknown) => {
      ended = true;
      this.#lose(client, error);
    };
    client.on("error", end);
    client.on("end", () => end(new Error("the connection ended")));
    client.on("notification", ({ payload }) => this.options.notified(payload ?? ""));
    await client.connect();
    await client.query(`listen ${this.options.channel}`);
    await this.options.enter(client);
    if (this.#closed) return await client.end();
    if (ended) {
      this.options.lost();
      throw new NotListening("the connection ended while its session was entered");
    }
    this.#client = client;
    this.#failures = 0;
  }

  #lose(client: pg.Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.options.log.warn({ error }, "the listening connection is lost and will be opened again");
    this.options.lost();
    client.end().catch(() => {});
    this.#openLater();
  }

  #openLater(): void {
    if (this.#closed) return;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = setTimeout(() => {
      const client = this.#newClient();
      this.#enter(client).catch((error: unknown) => {
        this.options.log.debug({ error }, "the listening connection could not be opened yet");
        client.end().catch(() => {});
        this.#openLater();
      });
    }, delayMs);
  }
}
