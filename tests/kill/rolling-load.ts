// Clients and workers at one address that never pause, while the processes behind it come and go; and what must hold in the end.
import { Client, type Definition } from "@cerebelum/sdk";
import { expect } from "vitest";
import { Effects, publishAll, runGauntlet } from "./gauntlet";

const WORKERS = 2;

const ORDER: Definition = {
  name: "rolling_order",
  nodes: [
    { id: "take", type: "task", task: "effect", queue: "gauntlet", input: { small: true } },
    { id: "rest", type: "sleep", duration: "30ms" },
    { id: "give", type: "task", task: "effect", queue: "gauntlet", input: { small: true } },
  ],
  edges: [
    { from: "take", to: "rest" },
    { from: "rest", to: "give" },
  ],
};

export class RollingLoad {
  /** Errors that the SDK gave to its caller, and whatever did not hold. */
  readonly errors: unknown[] = [];
  /** Executions that are over, each held to its model. */
  done = 0;
  readonly #clients: Client[];
  readonly #effects: Effects;
  readonly #orders = new Set<string>();
  #stopping = false;
  #lanes: Promise<void>[] = [];
  #someoneIsDone = () => {};

  /** The SDK's own patience and back-off, nothing else. */
  constructor(at: { url: string; apiKey: string }, lanes: number) {
    this.#clients = Array.from({ length: lanes }, () => new Client(at));
    this.#effects = new Effects(at, WORKERS);
  }

  async start(): Promise<void> {
    const [client] = this.#clients;
    if (client === undefined) throw new Error("a load needs a lane");
    await publishAll(client);
    await client.publish(ORDER);
    await this.#effects.start();
    this.#lanes = this.#clients.map((each, lane) => this.#run(each, lane));
  }

  /** Resolves when so many more are over; rejects with the first error there was. */
  async more(count: number): Promise<void> {
    for (const until = this.done + count; this.done < until; ) {
      await new Promise<void>((resolve) => {
        this.#someoneIsDone = resolve;
        if (this.errors.length > 0) resolve();
      });
      if (this.errors.length > 0) throw this.errors[0];
    }
  }

  /** Lets what was begun come to its end, and counts what is stored: each order once. */
  async finish(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#lanes);
    const [client] = this.#clients;
    const stored: string[] = [];
    for (let cursor: string | undefined; client !== undefined; ) {
      const page = await client.list({ workflow: ORDER.name, limit: 200, cursor });
      for (const { id, status } of page.items) {
        expect(status).toBe("completed");
        stored.push(id);
      }
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(stored.sort()).toEqual([...this.#orders].sort());
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#effects.stop();
    for (const client of this.#clients) client.close();
  }

  async #run(client: Client, lane: number): Promise<void> {
    for (let turn = 0; !this.#stopping; turn++) {
      try {
        await Promise.all([this.#order(client, `order-${lane}-${turn}`), this.#gauntlet(client, turn)]);
      } catch (error) {
        this.errors.push(error);
        this.#stopping = true;
      }
      this.#someoneIsDone();
    }
  }

  async #gauntlet(client: Client, turn: number): Promise<void> {
    await runGauntlet(client, this.#effects, { undo: turn % 2 === 1 });
    this.done++;
  }

  /** Asked for twice by its key, as by a caller that does not know whether it asked. */
  async #order(client: Client, key: string): Promise<void> {
    const order = { workflow: ORDER.name, key, input: { key } };
    const { id } = await client.start(order);
    this.#orders.add(id);
    expect((await client.start(order)).id).toBe(id);
    expect(await client.result(`key:${key}`)).toMatchObject({ id, status: "completed" });
    const keys = this.#effects.of(id);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(2);
    expect(await client.verify(id)).toMatchObject({ consistent: true, differences: [] });
    this.done++;
  }
}
