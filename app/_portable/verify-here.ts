/**
 * A history proved in the browser, as `cerebelum-verify` does it elsewhere: the chain over its events, the hashes of its
 * values, the signatures over its ends. It finds facts; the texts say them.
 */
import { canonicalEvent } from "@/lib/core/execution/canonical-event";
import { firstLinkText, signedText } from "@/lib/core/execution/chain-texts";
import { valueRefs } from "@/lib/core/execution/value-refs";
import type { HistoryFile } from "./history-file";

/** `end`: of how many events the file should have; `head`: an event was changed; `signature`: one that does not hold. */
export type Problem =
  | { kind: "end"; expected: number; found: number }
  | { kind: "head" }
  | { kind: "value-changed" | "value-missing"; hash: string }
  | { kind: "signature"; sequence: number }
  | { kind: "uncovered"; signed: number; events: number };

export interface Verdict {
  /** `unsigned`: nothing is wrong, and no signature says so; `uncheckable`: this browser cannot check signatures here. */
  state: "holds" | "unsigned" | "changed" | "uncheckable";
  problems: Problem[];
  /** The newest that holds. `isKnown`: its key is one that was given and did not come with the file. */
  signature: { sequence: number; keyId: string; fingerprint: string; isKnown: boolean } | null;
}

const UNCHECKABLE: Verdict = { state: "uncheckable", problems: [], signature: null };

/**
 * @param subtle undefined where the page is not served securely
 * @param known fingerprints of keys that the reader trusts
 */
export async function verifyHere(
  file: HistoryFile,
  known: readonly string[],
  subtle: SubtleCrypto | undefined,
): Promise<Verdict> {
  if (subtle === undefined || !(await knowsEd25519(subtle))) return UNCHECKABLE;
  const heads = await headsOf(file, subtle);
  const problems = [...endProblems(file, heads), ...(await valueProblems(file, subtle))];
  const keys = await keysOf(file, subtle);
  let newest: Verdict["signature"] = null;
  for (const signature of file.signatures) {
    const key = keys.get(signature.keyId);
    if (key === undefined || !(await holds(file, signature, heads, key.key, subtle)))
      problems.push({ kind: "signature", sequence: signature.sequence });
    else if (newest === null || signature.sequence > newest.sequence)
      newest = { ...key.named, sequence: signature.sequence, isKnown: known.includes(key.named.fingerprint) };
  }
  if (newest !== null && newest.sequence < file.events.length)
    problems.push({ kind: "uncovered", signed: newest.sequence, events: file.events.length });
  const isBroken = problems.some(({ kind }) => kind !== "uncovered");
  const state = isBroken ? "changed" : newest === null || problems.length > 0 ? "unsigned" : "holds";
  return { state, problems, signature: newest };
}

async function knowsEd25519(subtle: SubtleCrypto): Promise<boolean> {
  try {
    await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}

/** The head after each event; the one before the first comes first. */
async function headsOf({ execution, events }: HistoryFile, subtle: SubtleCrypto): Promise<string[]> {
  let head = await digest(subtle, bytesOf(firstLinkText(execution.id)));
  const heads = [hex(head)];
  for (const event of events) {
    const text = bytesOf(canonicalEvent(event));
    const link = new Uint8Array(head.length + text.length);
    link.set(head);
    link.set(text, head.length);
    head = await digest(subtle, link);
    heads.push(hex(head));
  }
  return heads;
}

function endProblems({ execution, events }: HistoryFile, heads: readonly string[]): Problem[] {
  if (execution.sequence !== events.length)
    return [{ kind: "end", expected: execution.sequence, found: events.length }];
  return heads.at(-1) === execution.head ? [] : [{ kind: "head" }];
}

async function valueProblems({ events, values }: HistoryFile, subtle: SubtleCrypto): Promise<Problem[]> {
  const problems: Problem[] = [];
  // Parsing keeps the order of members, so that this is the text that was hashed.
  for (const [hash, value] of Object.entries(values))
    if (hex(await digest(subtle, bytesOf(JSON.stringify(value)))) !== hash)
      problems.push({ kind: "value-changed", hash });
  for (const hash of new Set(events.flatMap(valueRefs)))
    if (!Object.hasOwn(values, hash)) problems.push({ kind: "value-missing", hash });
  return problems;
}

interface KnownKey {
  key: CryptoKey;
  named: { keyId: string; fingerprint: string };
}

/** By their ids, which are computed from the keys: no file can give a key another's name. */
async function keysOf({ keys }: HistoryFile, subtle: SubtleCrypto): Promise<Map<string, KnownKey>> {
  const found = new Map<string, KnownKey>();
  for (const { publicKey } of keys) {
    try {
      const der = Uint8Array.from(atob(publicKey), (character) => character.charCodeAt(0));
      const fingerprint = hex(await digest(subtle, der));
      const keyId = fingerprint.slice(0, 32);
      const key = await subtle.importKey("spki", der, "Ed25519", false, ["verify"]);
      found.set(keyId, { key, named: { keyId, fingerprint } });
    } catch {
      // What is no key signs nothing: its signatures are found not to hold.
    }
  }
  return found;
}

async function holds(
  { execution }: HistoryFile,
  { sequence, head, signature }: HistoryFile["signatures"][number],
  heads: readonly string[],
  key: CryptoKey,
  subtle: SubtleCrypto,
): Promise<boolean> {
  if (sequence < 1 || heads[sequence] !== head) return false;
  const text = signedText({ executionId: execution.id, namespaceId: execution.namespaceId, sequence, head });
  const bytes = signature.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  return subtle.verify("Ed25519", key, Uint8Array.from(bytes), bytesOf(text));
}

const encoder = new TextEncoder();

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

async function digest(subtle: SubtleCrypto, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle.digest("SHA-256", data));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
