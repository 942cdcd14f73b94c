/**
 * Signs the ends of histories with this process's key: the one that its environment gives, or else the one that all processes
 * share, which is kept in the database and made at the first start.
 */
import type { Pool } from "@/db/client";
import { adoptSigningKey, currentSigningKey, lockSigningKeys } from "@/db/stores/signing-keys";
import { inTransaction } from "@/db/transaction";
import type { Clock } from "@/lib/clock";
import { type ClosedHead, signedText } from "@/lib/core/execution/chain-texts";
import type { Log } from "@/lib/log";
import { newSigningKey, privateDer, type SigningKey, signText, storedSigningKey } from "./signing-key";

export interface Signature {
  keyId: string;
  signature: Buffer;
}

/** What the one door needs of it. */
export interface HeadSigner {
  sign(head: ClosedHead): Signature;
}

interface SignerOptions {
  db: Pool;
  clock: Clock;
  log: Log;
  /** Of the environment; null: the stored one. */
  given: SigningKey | null;
}

/** How long another process may go on signing with a key that was rotated; its signatures hold like all others. */
const LOOK_EVERY_MS = 60_000;

export class Signer implements HeadSigner {
  #key: SigningKey | null;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: SignerOptions) {
    this.#key = options.given;
  }

  /** Whether the key is the environment's, so that nobody but its operator can change it. */
  get isGiven(): boolean {
    return this.options.given !== null;
  }

  /** Takes the key in use; nothing can close before. */
  async start(): Promise<void> {
    const { db, clock, given } = this.options;
    const now = new Date(clock.now());
    this.#key = await inTransaction(db, async (transaction) => {
      await lockSigningKeys(transaction);
      const stored = given === null ? await currentSigningKey(transaction) : null;
      if (stored !== null) return storedSigningKey(stored);
      const key = given ?? newSigningKey();
      await adoptSigningKey(transaction, rowOf(key, given === null), now);
      return key;
    });
    if (given !== null) return;
    this.#timer = setInterval(() => {
      this.look().catch((error: unknown) => this.options.log.warn({ error }, "looking for a new signing key failed"));
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Takes over a key that another process has made current. */
  async look(): Promise<void> {
    if (this.isGiven) return;
    const stored = await currentSigningKey(this.options.db);
    if (stored !== null) this.#key = storedSigningKey(stored);
  }

  /** Signs with a new stored key from now on, once `told` has written down within the same transaction that it is so. */
  async rotate(told: (transaction: Pick<Pool, "query">, keyId: string) => Promise<void>): Promise<string> {
    const { db, clock } = this.options;
    const key = newSigningKey();
    await inTransaction(db, async (transaction) => {
      await lockSigningKeys(transaction);
      await adoptSigningKey(transaction, rowOf(key, true), new Date(clock.now()));
      await told(transaction, key.id);
    });
    this.#key = key;
    return key.id;
  }

  sign(head: ClosedHead): Signature {
    if (this.#key === null) throw new Error("no history can be signed before the signing key is there");
    return { keyId: this.#key.id, signature: signText(signedText(head), this.#key) };
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}

function rowOf(key: SigningKey, stored: boolean): Parameters<typeof adoptSigningKey>[1] {
  return { id: key.id, publicKey: key.publicKey, privateKey: stored ? privateDer(key) : null };
}
