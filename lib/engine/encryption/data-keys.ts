/**
 * The data keys of this process: unwrapped once, then in memory. Each namespace has one that new payloads get, replaced after a
 * week, and older ones that open what they sealed.
 */
import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { Queryable } from "@/db/client";
import { PayloadKeyMissing } from "@/db/payload-codec";
import {
  currentDataKey,
  type DataKeyRow,
  dataKeysById,
  dataKeysWrappedOtherwise,
  wrappingKeys,
} from "@/db/queries/data-keys";
import { allRows, firstRow } from "@/db/queries/query";
import { ensureDataKey, rewrapDataKey } from "@/db/stores/data-keys";
import type { Clock } from "@/lib/clock";
import { decrypt, encrypt } from "./aes-gcm";
import type { MasterKey, MasterKeys } from "./master-keys";

export interface DataKey {
  id: number;
  namespaceId: number;
  key: KeyObject;
}

/** Far fewer texts are sealed in it than random nonces allow for one key: 2³² make a repetition as likely as one in 2³². */
export const DATA_KEY_DAYS = 7;
/** How long a process may go on with a key that was retired meanwhile. */
const CURRENT_FOR_MS = 60_000;
const KEY_BYTES = 32;
const DAY_MS = 86_400_000;
const PAGE = 500;

export interface DataKeysPorts {
  db: Queryable;
  clock: Clock;
  masters: MasterKeys;
}

export class DataKeys {
  readonly #byId = new Map<number, DataKey>();
  readonly #current = new Map<number, DataKey & { until: number }>();
  readonly #underWay = new Map<number, Promise<void>>();

  constructor(readonly ports: DataKeysPorts) {}

  /** That new payloads of the namespace get; undefined before {@link prepare}. */
  current(namespaceId: number): DataKey | undefined {
    return this.#current.get(namespaceId);
  }

  /** Undefined before {@link load}. */
  byId(id: number): DataKey | undefined {
    return this.#byId.get(id);
  }

  /** Throws {@link PayloadKeyMissing}, or what the database throws. */
  async prepare(namespaceIds: Iterable<number>): Promise<void> {
    const now = this.ports.clock.now();
    for (const id of namespaceIds) {
      const held = this.#current.get(id);
      if (held === undefined || held.until < now) await this.#renewOnce(id, now);
    }
  }

  /** Throws {@link PayloadKeyMissing}, or what the database throws. */
  async load(ids: Iterable<number>): Promise<void> {
    const missing = new Set([...ids].filter((id) => !this.#byId.has(id)));
    if (missing.size === 0) return;
    for (const row of await allRows(this.ports.db, dataKeysById([...missing]))) {
      this.#keep(row);
      missing.delete(row.id);
    }
    if (missing.size > 0) throw new PayloadKeyMissing(`data key ${[...missing].join(", ")} is gone`);
  }

  #renewOnce(namespaceId: number, now: number): Promise<void> {
    const underWay = this.#underWay.get(namespaceId);
    if (underWay !== undefined) return underWay;
    const renewing = this.#renew(namespaceId, now).finally(() => this.#underWay.delete(namespaceId));
    this.#underWay.set(namespaceId, renewing);
    return renewing;
  }

  async #renew(namespaceId: number, now: number): Promise<void> {
    const { db, masters } = this.ports;
    const notBefore = new Date(now - DATA_KEY_DAYS * DAY_MS);
    const found = await firstRow(db, currentDataKey(namespaceId));
    const row =
      found !== null && found.createdAt >= notBefore
        ? found
        : await ensureDataKey(
            db,
            { namespaceId, ...wrap(masters.first, namespaceId, randomBytes(KEY_BYTES)), createdAt: new Date(now) },
            notBefore,
          );
    const until = Math.min(now + CURRENT_FOR_MS, row.createdAt.getTime() + DATA_KEY_DAYS * DAY_MS);
    this.#current.set(namespaceId, { ...this.#keep(row), until });
  }

  #keep(row: DataKeyRow): DataKey {
    const held = this.#byId.get(row.id);
    if (held !== undefined) return held;
    const key = { id: row.id, namespaceId: row.namespaceId, key: createSecretKey(unwrap(this.ports.masters, row)) };
    this.#byId.set(row.id, key);
    return key;
  }

  /** Wraps with the first key of the environment what another wrapped; answers how many that were. */
  async rewrap(): Promise<number> {
    const { db, masters } = this.ports;
    let done = 0;
    let after = 0;
    for (;;) {
      const rows = await allRows(db, dataKeysWrappedOtherwise(masters.first.id, after, PAGE));
      for (const row of rows) {
        const to = wrap(masters.first, row.namespaceId, unwrap(masters, row));
        if (await rewrapDataKey(db, row, to)) done++;
      }
      after = rows.at(-1)?.id ?? after;
      if (rows.length < PAGE) return done;
    }
  }
}

/** Ids of keys that wrap data keys and that are not among these. */
export async function missingMasterKeys(db: Queryable, masters: MasterKeys | null): Promise<string[]> {
  const rows = await allRows(db, wrappingKeys());
  return rows.map(({ wrappedBy }) => wrappedBy).filter((id) => !masters?.byId.has(id));
}

function wrap({ id, key }: MasterKey, namespaceId: number, bytes: Buffer): { wrappedBy: string; wrapped: Buffer } {
  return { wrappedBy: id, wrapped: encrypt(key, bytes, boundTo(namespaceId)) };
}

function unwrap(masters: MasterKeys, { id, namespaceId, wrappedBy, wrapped }: DataKeyRow): Buffer {
  const master = masters.byId.get(wrappedBy);
  if (master === undefined)
    throw new PayloadKeyMissing(`CEREBELUM_ENCRYPTION_KEYS names no key ${wrappedBy}, which opens data key ${id}`);
  const bytes = decrypt(master.key, wrapped, boundTo(namespaceId));
  if (bytes === null)
    throw new PayloadKeyMissing(`key ${wrappedBy} of CEREBELUM_ENCRYPTION_KEYS does not open data key ${id}`);
  return bytes;
}

function boundTo(namespaceId: number): string {
  return `data key of namespace ${namespaceId}`;
}
