/** The keys of the environment: the first wraps new data keys, all of them open those that they wrapped. */
import { createSecretKey, type KeyObject } from "node:crypto";

export interface MasterKeys {
  first: MasterKey;
  byId: ReadonlyMap<string, MasterKey>;
}

export interface MasterKey {
  id: string;
  key: KeyObject;
}

const ID = /^[A-Za-z0-9_-]{1,40}$/;
const KEY_BYTES = 32;

/** `id:key[,id:key…]`, each key 32 bytes in base64. Null where it is anything else, or an id stands twice. */
export function parseMasterKeys(text: string): MasterKeys | null {
  const keys = text.split(",").map(parseOne);
  if (!keys.every((key) => key !== null)) return null;
  const byId = new Map(keys.map((key) => [key.id, key]));
  const [first] = keys;
  return first === undefined || byId.size < keys.length ? null : { first, byId };
}

function parseOne(text: string): MasterKey | null {
  const [, id = "", base64 = ""] = /^\s*([^:\s]+):(\S+)\s*$/.exec(text) ?? [];
  const bytes = Buffer.from(base64, "base64");
  const isWhole = /^[A-Za-z0-9+/_-]+={0,2}$/.test(base64) && bytes.length === KEY_BYTES;
  return ID.test(id) && isWhole ? { id, key: createSecretKey(bytes) } : null;
}
