/**
 * What destinations need kept: signing secrets are derived from the installation's secret and stored nowhere, URLs are sealed
 * with a key derived from it, for whoever knows a Slack URL may write there.
 */
import { createHmac, createSecretKey, hkdfSync } from "node:crypto";
import type { Queryable } from "@/db/client";
import { instanceSetting } from "@/db/queries/instance-settings";
import { firstRow } from "@/db/queries/query";
import { decrypt, encrypt } from "../encryption/aes-gcm";

const SECRET_BYTES = 32;

export class AlertSecrets {
  #installation: Promise<string> | null = null;

  constructor(readonly db: Queryable) {}

  /** As Standard Webhooks writes it: `whsec_` and base64. */
  async signingSecret(destination: bigint, version: number): Promise<string> {
    return `whsec_${(await this.#derive(`webhook ${destination} ${version}`)).toString("base64")}`;
  }

  /** The header `webhook-signature` of Standard Webhooks. */
  async sign(
    { id, secretVersion }: { id: bigint; secretVersion: number },
    message: { id: string; timestamp: number; body: string },
  ): Promise<string> {
    const key = await this.#derive(`webhook ${id} ${secretVersion}`);
    const text = `${message.id}.${message.timestamp}.${message.body}`;
    return `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
  }

  async seal(destination: bigint, target: string): Promise<string> {
    return encrypt(await this.#targetKey(), target, `alert ${destination}`).toString("base64url");
  }

  /** Null where it was sealed by another installation. */
  async open(destination: bigint, sealed: string): Promise<string | null> {
    const target = decrypt(await this.#targetKey(), Buffer.from(sealed, "base64url"), `alert ${destination}`);
    return target === null ? null : target.toString("utf8");
  }

  async #targetKey() {
    return createSecretKey(await this.#derive("targets"));
  }

  async #derive(purpose: string): Promise<Buffer> {
    this.#installation ??= this.#read().catch((error: unknown) => {
      this.#installation = null;
      throw error;
    });
    return Buffer.from(hkdfSync("sha256", await this.#installation, "", `cerebelum alerts: ${purpose}`, SECRET_BYTES));
  }

  async #read(): Promise<string> {
    const row = await firstRow(this.db, instanceSetting("auth-secret"));
    if (row === null) throw new Error("the installation's secret is missing");
    return row.value;
  }
}
