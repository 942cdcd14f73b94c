/** Encryption at rest as one process has it: off without keys in the environment, and never silently so where payloads need some. */
import { type Pool, setPayloads } from "@/db/client";
import type { Clock } from "@/lib/clock";
import type { Log } from "@/lib/log";
import { DataKeys, missingMasterKeys } from "./data-keys";
import type { MasterKeys } from "./master-keys";
import { SealedPayloadCodec } from "./sealed-payload-codec";

export interface EncryptionPorts {
  /** Where keys are read, and payloads too. */
  db: Pool;
  clock: Clock;
  /** Null: payloads are stored as they are. */
  masters: MasterKeys | null;
  log: Log;
}

export class Encryption {
  readonly #keys: DataKeys | null;
  #missing: string[] = [];

  constructor(readonly ports: EncryptionPorts) {
    const { masters } = ports;
    this.#keys = masters && new DataKeys({ ...ports, masters });
  }

  /** Before the first connection of these pools is opened. */
  applyTo(...pools: Pool[]): void {
    if (this.#keys === null) return;
    const codec = new SealedPayloadCodec(this.#keys);
    for (const pool of pools) setPayloads(pool, codec);
  }

  /** Wraps all data keys with the first key of the environment, unless some need one that it does not name. */
  async start(): Promise<void> {
    const { db, masters, log } = this.ports;
    this.#missing = await missingMasterKeys(db, masters);
    if (this.#missing.length > 0) {
      log.error({ keys: this.#missing }, "payloads are sealed with keys that CEREBELUM_ENCRYPTION_KEYS does not name");
      return;
    }
    const rewrapped = (await this.#keys?.rewrap()) ?? 0;
    if (rewrapped > 0)
      log.info({ rewrapped, by: masters?.first.id }, "data keys were wrapped anew: keys after the first may go");
  }

  /** What keeps this process from serving, in one sentence; null where nothing does. */
  unready(): string | null {
    const names = this.#missing.join(", ");
    return names === ""
      ? null
      : `Payloads are sealed with keys that CEREBELUM_ENCRYPTION_KEYS does not name: ${names}.`;
  }
}
