/** What seals and opens payloads: the port between whoever stores them and whoever has the keys. */

/** What a payload belongs to. It opens there and nowhere else, so that rows that were swapped are noticed. */
export interface About {
  namespaceId: number;
  /** The key of the row, or of the execution that the row is part of. */
  of: bigint;
  /** Its place there. */
  as: string;
  /** It may have come with a history that was copied, and then belongs to another execution. */
  copied?: true;
}

export interface PayloadCodec {
  /** Before anything of these namespaces is sealed: fetches, or makes, their keys. Costs nothing once they are here. */
  prepare(namespaceIds: Iterable<number>): Promise<void>;
  /** The sealed text, or null where payloads are stored as they are. */
  seal(text: string, about: About): string | null;
  /** Before these are opened: fetches their keys. Throws {@link PayloadKeyMissing}. */
  load(sealed: readonly Sealed[]): Promise<void>;
  /** Throws {@link PayloadDamaged} where it was changed, or sealed for another place. */
  open(sealed: Sealed, about: About): string;
}

export interface Sealed {
  dataKey: number;
  of: bigint;
  /** Base64url. */
  body: string;
}

/** It is sealed with a key that this process does not have: nothing is wrong with it, and another process may read it. */
export class PayloadKeyMissing extends Error {
  override name = "PayloadKeyMissing";
}

/** It does not open with its own key: it was changed, or belongs elsewhere. */
export class PayloadDamaged extends Error {
  override name = "PayloadDamaged";
}
