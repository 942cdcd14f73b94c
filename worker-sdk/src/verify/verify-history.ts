/** An exported history proved by itself: the chain over its events, the hashes of its values, the signatures over its ends. */
import { createHash, createPublicKey, verify } from "node:crypto";
import { canonicalEvent } from "@/lib/core/execution/canonical-event";
import { firstLinkText, signedText } from "@/lib/core/execution/chain-texts";
import { valueRefs } from "@/lib/core/execution/value-refs";
import type { HistoryFile } from "./history-file";

export interface HistoryReport {
  /** Whether nothing is wrong, and a signature covers the whole history. */
  ok: boolean;
  execution: string;
  /** Events in the file. */
  events: number;
  /** The end of the chain, computed from the events, in hex. */
  head: string;
  /** The newest that holds; null: there is none. `fingerprint` is the SHA-256 of the public key. */
  signature: { sequence: number; keyId: string; fingerprint: string } | null;
  /** Where the key that it was checked with came from. */
  key: "given" | "file" | null;
  /** What is wrong, each in one sentence. */
  problems: string[];
}

/**
 * @param expected public keys that the newest signature may be of: SPKI as PEM or as the base64 of its DER, a fingerprint, or a
 * key's id. None: any key in the file will do, so that the file proves no more than that it belongs together
 */
export function verifyHistory(file: HistoryFile, expected: readonly string[] = []): HistoryReport {
  const problems: string[] = [];
  const heads = headsOf(file, problems);
  checkEnd(file, heads, problems);
  checkValues(file, problems);
  const keys = keysOf(file, expected, problems);
  const valid = file.signatures.filter((signature) => holds(file, signature, heads, keys, problems));
  const newest = valid.reduce<(typeof valid)[number] | null>(
    (best, one) => (best === null || one.sequence > best.sequence ? one : best),
    null,
  );
  const key = newest === null ? undefined : keys.get(newest.keyId);
  checkCover(file, newest, problems);
  if (key !== undefined && expected.length > 0 && !key.isExpected)
    problems.push(`It is signed with the key ${newest?.keyId}, which is not one that was given.`);
  return {
    ok: problems.length === 0,
    execution: file.execution.id,
    events: file.events.length,
    head: heads.at(-1) ?? "",
    signature:
      newest === null || key === undefined
        ? null
        : { sequence: newest.sequence, keyId: newest.keyId, fingerprint: fingerprintOf(key.der) },
    key: key === undefined ? null : key.isExpected ? "given" : "file",
    problems,
  };
}

/** The head after each event; the one before the first comes first. */
function headsOf({ execution, events }: HistoryFile, problems: string[]): string[] {
  let head = createHash("sha256").update(firstLinkText(execution.id)).digest();
  const heads = [head.toString("hex")];
  for (const [i, event] of events.entries()) {
    if (event.sequence !== i + 1) {
      problems.push(`Event ${i + 1} is not there: event ${event.sequence} stands in its place.`);
      break;
    }
    // What the file says of an event is what is hashed, whatever type it is.
    head = createHash("sha256")
      .update(head)
      .update(canonicalEvent(event as Parameters<typeof canonicalEvent>[0]))
      .digest();
    heads.push(head.toString("hex"));
  }
  return heads;
}

function checkEnd({ execution, events }: HistoryFile, heads: readonly string[], problems: string[]): void {
  if (execution.sequence !== events.length)
    problems.push(`The history should end at event ${execution.sequence}, and has ${events.length} events.`);
  else if (heads.length === events.length + 1 && heads.at(-1) !== execution.head)
    problems.push("The chain over the events does not lead to the head that the execution had: an event was changed.");
}

function checkValues({ events, values }: HistoryFile, problems: string[]): void {
  // The hash is over the text as it was stored; parsing keeps the order of members, so that this is that text.
  for (const [hash, value] of Object.entries(values))
    if (createHash("sha256").update(JSON.stringify(value)).digest("hex") !== hash)
      problems.push(`The large value ${hash} was changed: it does not have that hash.`);
  const needed = new Set(events.flatMap((event) => valueRefs(event as Parameters<typeof valueRefs>[0])));
  for (const hash of needed) if (!Object.hasOwn(values, hash)) problems.push(`The large value ${hash} is missing.`);
}

interface KnownKey {
  der: Buffer;
  isExpected: boolean;
}

/** By their ids, which are computed from the keys: no file can give a key another's name. */
function keysOf(file: HistoryFile, expected: readonly string[], problems: string[]): Map<string, KnownKey> {
  const keys = new Map<string, KnownKey>();
  const names = new Set(expected.filter((text) => FINGERPRINT.test(text)).map((text) => text.toLowerCase()));
  for (const { publicKey } of file.keys) {
    const der = Buffer.from(publicKey, "base64");
    const fingerprint = fingerprintOf(der);
    keys.set(idOf(der), { der, isExpected: names.has(fingerprint) || names.has(idOf(der)) });
  }
  for (const text of expected.filter((text) => !FINGERPRINT.test(text))) {
    const der = publicDer(text);
    if (der === null) problems.push("A key that was given is neither an Ed25519 public key nor a fingerprint.");
    else keys.set(idOf(der), { der, isExpected: true });
  }
  return keys;
}

/** A whole fingerprint, or the beginning that is a key's id. */
const FINGERPRINT = /^(?:[0-9a-f]{64}|[0-9a-f]{32})$/i;

function publicDer(text: string): Buffer | null {
  try {
    const key = text.trim().startsWith("-----")
      ? createPublicKey(text.trim())
      : createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyType === "ed25519" ? key.export({ format: "der", type: "spki" }) : null;
  } catch {
    return null;
  }
}

function holds(
  { execution }: HistoryFile,
  { sequence, keyId, head, signature }: HistoryFile["signatures"][number],
  heads: readonly string[],
  keys: ReadonlyMap<string, KnownKey>,
  problems: string[],
): boolean {
  const wrong = (why: string) => {
    problems.push(`The signature at event ${sequence} does not hold: ${why}.`);
    return false;
  };
  if (sequence < 1 || heads[sequence] === undefined) return wrong("the history does not get there");
  if (heads[sequence] !== head) return wrong("it is over another history");
  const key = keys.get(keyId);
  if (key === undefined) return wrong(`its key ${keyId} is not known`);
  const text = signedText({ executionId: execution.id, namespaceId: execution.namespaceId, sequence, head });
  return isSigned(text, signature, key.der) || wrong(`it was not made with the key ${keyId} over this execution`);
}

function isSigned(text: string, signature: string, der: Buffer): boolean {
  try {
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return key.asymmetricKeyType === "ed25519" && verify(null, Buffer.from(text), key, Buffer.from(signature, "hex"));
  } catch {
    return false;
  }
}

function checkCover(
  { events, signatures }: HistoryFile,
  newest: { sequence: number } | null,
  problems: string[],
): void {
  if (signatures.length === 0)
    problems.push("No signature covers it: it is not closed, or closed before ends of histories were signed.");
  else if (newest !== null && newest.sequence < events.length)
    problems.push(
      `Only events up to ${newest.sequence} of ${events.length} are signed: what follows is not closed yet.`,
    );
}

function fingerprintOf(der: Buffer): string {
  return createHash("sha256").update(der).digest("hex");
}

function idOf(der: Buffer): string {
  return fingerprintOf(der).slice(0, 32);
}
