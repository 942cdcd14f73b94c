/**
 * The states that a process holds: folded executions and large values used last, bounded in bytes. They are taken in only
 * after a commit, and whoever decides on one is guarded by the row's sequence, so one that is behind costs a retry, no more.
 */
import type { JsonValue } from "@/lib/contract/json";
import { BoundedCache } from "./bounded-cache";
import { type EventStore, UnfoldableHistory } from "./event-store";
import type { Folded } from "./folded";

const STATE_BYTES = 192 * 1024 * 1024;
const VALUE_BYTES = 64 * 1024 * 1024;

export class States {
  readonly #executions = new BoundedCache<bigint, Folded>(STATE_BYTES);
  readonly #values = new BoundedCache<string, JsonValue>(VALUE_BYTES);
  /** Known to be behind their row: read what they lack before they are used again. */
  readonly #behind = new Set<bigint>();

  constructor(readonly store: EventStore) {}

  cached(id: bigint): Folded | undefined {
    return this.#executions.get(id);
  }

  /** Takes a committed state in, unless a newer one is here already, or another process may take it back into service. */
  keep(folded: Folded): void {
    const held = this.#executions.get(folded.id);
    if (folded.status === "quarantined") this.forget(folded.id);
    else if (held === undefined || held.state.sequence <= folded.state.sequence)
      this.#executions.set(folded.id, folded, folded.size);
  }

  keepValue(hash: string, json: JsonValue, bytes: number): void {
    this.#values.set(hash, json, bytes);
  }

  markBehind(id: bigint): void {
    this.#behind.add(id);
  }

  forget(id: bigint): void {
    this.#executions.delete(id);
    this.#behind.delete(id);
  }

  /** For deciding: from memory where they are, else from the database. Missing executions are missing in the answer. */
  async get(ids: readonly bigint[]): Promise<Map<bigint, Folded | UnfoldableHistory>> {
    const found = new Map<bigint, Folded | UnfoldableHistory>();
    const missing: bigint[] = [];
    for (const id of ids) {
      const held = this.#executions.get(id);
      if (held === undefined) missing.push(id);
      else if (this.#behind.has(id)) await this.#catchUp(held, found);
      else found.set(id, held);
    }
    if (missing.length > 0) for (const [id, loaded] of await this.load(missing)) found.set(id, loaded);
    return found;
  }

  /** From the database, as of now. */
  async load(ids: readonly bigint[]): Promise<Map<bigint, Folded | UnfoldableHistory>> {
    const loaded = await this.store.load(ids);
    for (const [id, folded] of loaded) {
      this.#behind.delete(id);
      if (!(folded instanceof UnfoldableHistory)) this.keep(folded);
    }
    return loaded;
  }

  /** Of these large values those that are in memory, by hash. */
  heldValues(hashes: readonly string[]): Map<string, JsonValue> {
    const values = new Map<string, JsonValue>();
    for (const hash of hashes) {
      const held = this.#values.get(hash);
      if (held !== undefined) values.set(hash, held);
    }
    return values;
  }

  /** Large values of one execution, by hash. */
  async values(id: bigint, hashes: readonly string[]): Promise<Map<string, JsonValue>> {
    const values = this.heldValues(hashes);
    const missing = hashes.filter((hash) => !values.has(hash));
    if (missing.length > 0) {
      for (const [hash, json] of await this.store.values(id, missing)) {
        values.set(hash, json);
        this.keepValue(hash, json, JSON.stringify(json).length * 2);
      }
    }
    return values;
  }

  async #catchUp(held: Folded, found: Map<bigint, Folded | UnfoldableHistory>): Promise<void> {
    const fresh = await this.store.refresh(held);
    this.forget(held.id);
    if (fresh === null) return;
    found.set(held.id, fresh);
    if (!(fresh instanceof UnfoldableHistory)) this.keep(fresh);
  }
}
