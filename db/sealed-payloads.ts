/**
 * Payloads as they are stored: as they are, or sealed. Whoever writes or reads a column that holds one goes through this file,
 * and the codec of the database at hand says which; rows of either kind stand beside each other and are told apart by themselves.
 *
 *   sealed text   enc:1:<data key>:<of>:<base64url>      the same in quotes where the column holds JSON
 *   plain text    as it is; one that begins like a sealed one is written so that it does not
 */
import type { Queryable } from "./client";
import { type About, type PayloadCodec, PayloadKeyMissing, type Sealed } from "./payload-codec";

/** Stores payloads as they are, and says so where it meets a sealed one. */
export const plainPayloads: PayloadCodec = {
  async prepare() {},
  seal: () => null,
  async load(sealed) {
    if (sealed.length > 0) throw new PayloadKeyMissing("payloads are sealed, and CEREBELUM_ENCRYPTION_KEYS is not set");
  },
  open() {
    throw new PayloadKeyMissing("payloads are sealed, and CEREBELUM_ENCRYPTION_KEYS is not set");
  },
};

export function payloadsOf(db: Queryable): PayloadCodec {
  return db.payloads ?? plainPayloads;
}

/** JSON text for a column that holds JSON. */
export function sealJson(codec: PayloadCodec, json: string, about: About): string {
  const sealed = codec.seal(json, about);
  if (sealed !== null) return `"${sealed}"`;
  return json.startsWith('"enc:') ? `"\\u0065${json.slice(2)}` : json;
}

/** Text for a column that holds words of people. */
export function sealText(codec: PayloadCodec, text: string, about: About): string {
  const sealed = codec.seal(text, about);
  if (sealed !== null) return sealed;
  return text.startsWith("enc:") ? `enc:0:${text}` : text;
}

/** JSON text of an error whose code stays in the clear, for it is searched. */
export function sealError(codec: PayloadCodec, error: { code: string; message: string }, about: About): string {
  const json = JSON.stringify(error);
  const sealed = codec.seal(json, about);
  return sealed === null ? json : `{"sealed":"${sealed}","code":${JSON.stringify(error.code)},"message":""}`;
}

const SEALED = /^(?:"|\{"sealed":")?enc:1:(\d+):(-?\d+):([\w-]+)/;

/** Null where it is stored as it is. */
export function sealedIn(stored: string): Sealed | null {
  // Most are not, and are told by their first letter.
  const first = stored.charCodeAt(0);
  if (first !== LETTER_E && first !== QUOTE && first !== BRACE) return null;
  const [, dataKey, of, body] = SEALED.exec(stored) ?? [];
  return dataKey === undefined || of === undefined || body === undefined
    ? null
    : { dataKey: Number(dataKey), of: BigInt(of), body };
}

const LETTER_E = 101;
const QUOTE = 34;
const BRACE = 123;

/** Which columns of a row hold payloads, and what each belongs to. */
export interface SealedColumns<Row> {
  columns: readonly (keyof Row & string)[];
  about(row: Row, column: string): About;
}

/** The rows with their payloads as they were given. Throws {@link PayloadKeyMissing} and {@link PayloadDamaged}. */
export async function openRows<Row extends object>(
  db: Queryable,
  rows: Row[],
  { columns, about }: SealedColumns<Row>,
): Promise<Row[]> {
  const found: { row: number; column: keyof Row & string; sealed: Sealed; about: About }[] = [];
  const opened = rows.map((row, i) => {
    let plain = row;
    for (const column of columns) {
      const stored: unknown = row[column];
      if (typeof stored !== "string") continue;
      const sealed = sealedIn(stored);
      if (sealed !== null) found.push({ row: i, column, sealed, about: about(row, column) });
      else if (stored.startsWith("enc:0:")) plain = { ...plain, [column]: stored.slice(6) };
    }
    return plain;
  });
  if (found.length === 0) return opened;
  const texts = await openAll(db, found);
  found.forEach(({ row, column }, i) => {
    opened[row] = { ...(opened[row] as Row), [column]: texts[i] };
  });
  return opened;
}

/** One by one, in their order. */
export async function openAll(db: Queryable, wanted: readonly { sealed: Sealed; about: About }[]): Promise<string[]> {
  const codec = payloadsOf(db);
  await codec.load(wanted.map(({ sealed }) => sealed));
  const forks = new Map<bigint, boolean>();
  const texts: string[] = [];
  for (const { sealed, about } of wanted) {
    if (about.copied && sealed.of !== about.of && !forks.has(about.of)) forks.set(about.of, await isFork(db, about.of));
    const of = forks.get(about.of) ? sealed.of : about.of;
    texts.push(codec.open(sealed, { ...about, of }));
  }
  return texts;
}

/** Only a fork may hold what was sealed for another execution; where it came from may be gone by now. */
async function isFork(db: Queryable, executionId: bigint): Promise<boolean> {
  const { rows } = await db.query({
    name: "is-fork",
    text: "select from executions where id = $1 and forked_from is not null",
    values: [executionId],
  });
  return rows.length > 0;
}
