/** AES-256-GCM, with a nonce of its own for each text: nonce, tag and cipher text in this order. */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param bound what the text is bound to: it does not open with anything else */
export function encrypt(key: KeyObject, plain: Buffer | string, bound: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  cipher.setAAD(Buffer.from(bound));
  const text = typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain);
  // GCM leaves nothing for the end, and its tag is there only after it.
  const end = cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), text, end]);
}

/** Null where it was changed, bound to something else, or made with another key. */
export function decrypt(key: KeyObject, sealed: Buffer, bound: string): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    decipher.final();
    return text;
  } catch {
    return null;
  }
}
