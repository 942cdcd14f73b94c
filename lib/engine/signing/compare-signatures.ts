/**
 * Holds the signatures of a history against the history itself: each must be over the head that the events lead to, and since
 * all processes sign no execution may close without one. So a history that was changed is found although its heads were
 * computed anew.
 */
import type { SignatureRow, SigningKeyRow } from "@/db/queries/signatures";
import type { Verification } from "@/lib/contract/executions";
import { encodeId, keyTime } from "@/lib/contract/ids";
import { signedText } from "@/lib/core/execution/chain-texts";
import { isSignedBy } from "./signing-key";

type Difference = Verification["differences"][number];

export interface Close {
  sequence: number;
  /** Of its last event, epoch milliseconds. */
  at: number;
  head: Buffer;
}

export interface SignedHistory {
  executionId: bigint;
  namespaceId: number;
  /** Of the whole history. */
  sequence: number;
  isClosed: boolean;
  /** Where it closed by itself; a close that was copied by a fork was signed where it happened. */
  closes: readonly Close[];
  /** The heads at the sequences that signatures name, as the events lead to them. */
  heads: ReadonlyMap<number, Buffer>;
}

export function compareSignatures(
  history: SignedHistory,
  signatures: readonly SignatureRow[],
  keys: readonly SigningKeyRow[],
): { signature: Verification["signature"]; differences: Difference[] } {
  const signed = new Set(signatures.map(({ sequence }) => sequence));
  const unsigned = history.closes.filter((close) => !signed.has(close.sequence) && isDue(history, close, keys));
  const differences = [
    ...signatures.flatMap((one) => wrongSignature(history, one, keys)),
    ...unsigned.map(({ sequence }) => difference(sequence, null, "a signature, for the execution closed here")),
  ].sort((a, b) => a.sequence - b.sequence);
  return {
    signature: newest(history, signatures, new Set(differences.map(({ sequence }) => sequence))),
    differences: differences.map(({ sequence, ...rest }) => ({ where: `signatures[${sequence}]`, ...rest })),
  };
}

/** Every process signed when it closed or, lest a changed time hides it, when the execution was made. */
function isDue({ executionId }: SignedHistory, { at }: Close, keys: readonly SigningKeyRow[]): boolean {
  const since = keys[0]?.dueFrom.getTime();
  if (since === undefined) return false;
  return at > since || keyTime(executionId) > since;
}

function wrongSignature(
  { executionId, namespaceId, sequence: last, heads }: SignedHistory,
  { sequence, keyId, head, signature }: SignatureRow,
  keys: readonly SigningKeyRow[],
): ReturnType<typeof difference>[] {
  if (sequence > last) return [difference(sequence, "a signature", `nothing: the history ends at ${last}`)];
  const ought = heads.get(sequence)?.toString("hex") ?? null;
  if (head !== ought) return [difference(sequence, head, ought)];
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined)
    return [difference(sequence, `a signature with the unknown key ${keyId}`, "one with a known key")];
  const text = signedText({ executionId: encodeId("execution", executionId), namespaceId, sequence, head });
  return isSignedBy(text, Buffer.from(signature, "hex"), key.publicKey)
    ? []
    : [difference(sequence, "another signature", `one over this history with the key ${keyId}`)];
}

function difference(sequence: number, stored: string | null, folded: string | null) {
  return { sequence, stored, folded };
}

function newest(
  { isClosed, closes }: SignedHistory,
  signatures: readonly SignatureRow[],
  wrong: ReadonlySet<number>,
): Verification["signature"] {
  const close = closes.at(-1);
  if (!isClosed || close === undefined) return { status: "open", keyId: null, sequence: null };
  const { sequence } = close;
  const found = signatures.find((one) => one.sequence === sequence);
  const keyId = found?.keyId ?? null;
  if (found === undefined) return { status: wrong.has(sequence) ? "missing" : "none", keyId, sequence };
  return { status: wrong.has(sequence) ? "invalid" : "valid", keyId, sequence };
}
