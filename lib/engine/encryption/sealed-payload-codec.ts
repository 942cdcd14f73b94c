/** Seals payloads with the data key of their namespace, bound to what they belong to; opens them there and nowhere else. */
import { type About, type PayloadCodec, PayloadDamaged, PayloadKeyMissing, type Sealed } from "@/db/payload-codec";
import { decrypt, encrypt } from "./aes-gcm";
import type { DataKeys } from "./data-keys";

export class SealedPayloadCodec implements PayloadCodec {
  constructor(readonly keys: DataKeys) {}

  prepare(namespaceIds: Iterable<number>): Promise<void> {
    return this.keys.prepare(namespaceIds);
  }

  seal(text: string, about: About): string {
    const dataKey = this.keys.current(about.namespaceId);
    if (dataKey === undefined) throw new PayloadKeyMissing(`namespace ${about.namespaceId} has no key at hand`);
    const sealed = encrypt(dataKey.key, text, boundTo(about));
    return `enc:1:${dataKey.id}:${about.of}:${sealed.toString("base64url")}`;
  }

  load(sealed: readonly Sealed[]): Promise<void> {
    return this.keys.load(sealed.map(({ dataKey }) => dataKey));
  }

  open(sealed: Sealed, about: About): string {
    const dataKey = this.keys.byId(sealed.dataKey);
    if (dataKey === undefined) throw new PayloadKeyMissing(`data key ${sealed.dataKey} is not at hand`);
    const isHere = dataKey.namespaceId === about.namespaceId && sealed.of === about.of;
    const plain = isHere ? decrypt(dataKey.key, Buffer.from(sealed.body, "base64url"), boundTo(about)) : null;
    if (plain === null) throw new PayloadDamaged(`${about.as} of ${about.of} was changed, or put there from elsewhere`);
    return plain.toString("utf8");
  }
}

function boundTo({ namespaceId, of, as }: About): string {
  return `${namespaceId}/${of}/${as}`;
}
