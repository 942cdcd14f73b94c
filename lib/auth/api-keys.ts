/** API keys: 256 random bits, kept as a hash, checked against a short-lived cache, because workers call all the time. */
import { createHash, randomBytes } from "node:crypto";
import type { Queryable } from "@/db/client";
import { apiKeyByHash, touchApiKey } from "@/db/queries/api-keys";
import { firstRow } from "@/db/queries/query";
import type { KeyLimits, Principal, Suspect } from "@/lib/auth/principal";
import type { Clock } from "@/lib/clock";
import { encodeId } from "@/lib/contract/ids";
import { grantedByScopes, isScope } from "@/lib/contract/permissions";

/** A key that was revoked stops working within this time. */
const CACHE_MS = 5_000;
const CACHE_ENTRIES = 10_000;
/** `lastUsedAt` is no more exact than this. */
const TOUCH_EVERY_MS = 60_000;

export const API_KEY_PREFIX = "cbk_";

export function newApiKeySecret(): string {
  return API_KEY_PREFIX + randomBytes(32).toString("base64url");
}

/** Enough to recognise a key by, far too little to use it. */
export function visiblePrefix(secret: string): string {
  return secret.slice(0, API_KEY_PREFIX.length + 4);
}

export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** Whose key it is; or whose it was, where it was revoked or has expired: that is worth knowing. */
export type CheckedKey = { ok: true; value: Principal } | { ok: false; suspect: Suspect | null };

interface Entry {
  checked: CheckedKey;
  until: number;
}

export class ApiKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #touchedAt = new Map<bigint, number>();
  /** How often a key was checked, and how often from memory. */
  readonly checks = { all: 0, remembered: 0 };

  constructor(
    private readonly database: Queryable,
    private readonly clock: Clock,
  ) {}

  /**
   * Whose key it is. The secret itself is compared nowhere: what is looked up is its hash, whose comparison tells nothing
   * about a secret of 256 random bits.
   */
  async check(secret: string): Promise<CheckedKey> {
    const hash = hashSecret(secret);
    const name = hash.toString("latin1");
    const now = this.clock.now();
    const known = this.#entries.get(name);
    this.checks.all += 1;
    if (known !== undefined && now < known.until) {
      this.checks.remembered += 1;
      return known.checked;
    }
    const entry = await this.#load(hash, now);
    this.#entries.delete(name);
    if (this.#entries.size >= CACHE_ENTRIES) this.#entries.delete(this.#entries.keys().next().value ?? "");
    this.#entries.set(name, entry);
    return entry.checked;
  }

  /** A key was changed here: what is remembered of any is asked anew. Other processes learn of it when theirs is too old. */
  forget(): void {
    this.#entries.clear();
  }

  async #load(hash: Buffer, now: number): Promise<Entry> {
    const row = await firstRow(this.database, apiKeyByHash(hash));
    if (row === null) return { checked: { ok: false, suspect: null }, until: now + CACHE_MS };
    const who = {
      organisationId: row.organisation_id,
      namespaceId: row.namespace_id,
      actor: `key:${encodeId("apiKey", row.id)}`,
      credential: `key:${encodeId("apiKey", row.id)}`,
    };
    const expiresAt = row.expires_at?.getTime() ?? Number.POSITIVE_INFINITY;
    if (row.is_ended || expiresAt <= now) return { checked: { ok: false, suspect: who }, until: now + CACHE_MS };
    await this.#touch(row.id, now);
    const permissions = grantedByScopes(row.scopes.filter(isScope));
    const limits = limitsOf(row);
    return {
      checked: { ok: true, value: { ...who, permissions, ...(limits && { limits }) } },
      until: Math.min(now + CACHE_MS, expiresAt),
    };
  }

  async #touch(id: bigint, now: number): Promise<void> {
    if (now - (this.#touchedAt.get(id) ?? 0) < TOUCH_EVERY_MS) return;
    this.#touchedAt.set(id, now);
    await this.database.query(touchApiKey(id, new Date(now)));
  }
}

function limitsOf({ queues, workflows }: KeyLimits): KeyLimits | null {
  return queues === null && workflows === null ? null : { queues, workflows };
}
