// An exported history that holds, and one for every way in which somebody could have changed it.
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "@/lib/contract/json";
import { INLINE_BYTES } from "@/lib/contract/limits";
import { canonicalEvent } from "@/lib/core/execution/canonical-event";
import { firstLinkText, signedText } from "@/lib/core/execution/chain-texts";
import { holdValue } from "@/lib/core/execution/held";
import { type HistoryFile, NotAHistory, readHistoryFile } from "@/worker-sdk/src/verify/history-file";
import { verifyHistory } from "@/worker-sdk/src/verify/verify-history";

const ID = "exe_0000000000001";
/** Too large to stand in an event; its members come in the order in which a worker wrote them, which is no sorted one. */
const LARGE: JsonValue = {
  text: "x".repeat(INLINE_BYTES),
  ä: [1.5, null],
  b: { z: 1, "10": 2, a: "\u2028" },
  "": true,
};
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The hash by which the engine stores it. */
function hashOf(value: JsonValue): string {
  const held = holdValue(value, sha256);
  if (held === null || !("ref" in held)) throw new Error("the engine keeps this value in its event");
  return held.ref.hash;
}

interface Pair {
  id: string;
  der: Buffer;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

function keyPair(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const der = publicKey.export({ format: "der", type: "spki" });
  return { id: createHash("sha256").update(der).digest("hex").slice(0, 32), der, publicKey, privateKey };
}

const KEY = keyPair();
const FINGERPRINT = createHash("sha256").update(KEY.der).digest("hex");

function event(sequence: number, type: string, data: object): HistoryFile["events"][number] {
  return { sequence, type, at: "2026-01-05T12:00:00.000Z", actor: "key:a", command: sequence, data } as never;
}

const EVENTS = [
  event(1, "ExecutionStarted", { inputRef: { hash: hashOf(LARGE), bytes: 100 } }),
  event(2, "StepSkipped", { node: "a" }),
  event(3, "ExecutionCompleted", { output: { z: 1, a: "é" } }),
];

function headAt(events: HistoryFile["events"], until: number, id = ID): string {
  const first = createHash("sha256").update(firstLinkText(id)).digest();
  return events
    .slice(0, until)
    .reduce(
      (head, one) =>
        createHash("sha256")
          .update(head)
          .update(canonicalEvent(one as never))
          .digest(),
      first,
    )
    .toString("hex");
}

function signatureAt(
  events: HistoryFile["events"],
  sequence: number,
  key = KEY,
  id = ID,
): HistoryFile["signatures"][number] {
  const head = headAt(events, sequence, id);
  const text = signedText({ executionId: id, namespaceId: 1, sequence, head });
  return { sequence, keyId: key.id, head, signature: sign(null, Buffer.from(text), key.privateKey).toString("hex") };
}

function whole(change: Partial<HistoryFile> = {}): HistoryFile {
  const { events = EVENTS } = change;
  return {
    format: 1,
    execution: {
      id: ID,
      namespaceId: 1,
      status: "completed",
      sequence: events.length,
      head: headAt(events, events.length),
    },
    events,
    values: { [hashOf(LARGE)]: LARGE },
    signatures: [signatureAt(events, events.length)],
    keys: [{ id: KEY.id, publicKey: KEY.der.toString("base64") }],
    ...change,
  };
}

function page(file: HistoryFile): string {
  const packed = gzipSync(JSON.stringify(file)).toString("base64");
  return `<!doctype html>\n<title>exe</title>\n<script type="application/gzip" id="history">${packed}</script>\n`;
}

describe("a history that is as it was signed", () => {
  test("holds, and says that its key came from the file", () => {
    expect(verifyHistory(whole())).toEqual({
      ok: true,
      execution: ID,
      events: 3,
      head: headAt(EVENTS, 3),
      signature: { sequence: 3, keyId: KEY.id, fingerprint: FINGERPRINT },
      key: "file",
      problems: [],
    });
  });

  test.each([
    ["a fingerprint", FINGERPRINT],
    ["a fingerprint in capitals", FINGERPRINT.toUpperCase()],
    ["an id", KEY.id],
    ["DER", KEY.der.toString("base64")],
    ["PEM", KEY.publicKey.export({ format: "pem", type: "spki" }).toString()],
  ])("holds against the key that is expected, given as %s", (_, key) => {
    expect(verifyHistory(whole(), [key])).toMatchObject({ ok: true, key: "given" });
  });

  test("holds against a whole key although the file has none", () => {
    expect(verifyHistory(whole({ keys: [] }), [KEY.der.toString("base64")])).toMatchObject({ ok: true, key: "given" });
  });

  test("holds after a retry, with an older signature of a key that was rotated", () => {
    const old = keyPair();
    const file = whole({
      signatures: [signatureAt(EVENTS, 2, old), signatureAt(EVENTS, 3)],
      keys: [KEY, old].map(({ id, der }) => ({ id, publicKey: der.toString("base64") })),
    });
    expect(verifyHistory(file, [FINGERPRINT])).toMatchObject({ ok: true, signature: { sequence: 3 } });
    expect(verifyHistory(file, [old.id])).toMatchObject({ ok: false });
  });
});

describe("a history that somebody changed", () => {
  const changed = EVENTS.map((one) => (one.sequence === 2 ? event(2, "StepSkipped", { node: "b" }) : one));
  const other = keyPair();
  const forged = whole({ events: changed, signatures: [signatureAt(changed, 3, other)] });
  const withKey = { ...forged, keys: [{ id: other.id, publicKey: other.der.toString("base64") }] };
  const cases: [string, HistoryFile, string[], RegExp][] = [
    ["an event", { ...whole(), events: changed }, [], /an event was changed/],
    ["an event and the head", whole({ events: changed, signatures: whole().signatures }), [], /over another history/],
    [
      "an event, the head and the signed head",
      whole({ events: changed, signatures: [{ ...signatureAt(EVENTS, 3), head: headAt(changed, 3) }] }),
      [],
      /was not made with the key/,
    ],
    [
      "the order of events",
      { ...whole(), events: [EVENTS[0], EVENTS[2], EVENTS[1]] as never },
      [],
      /Event 2 is not there/,
    ],
    ["an event that is gone", { ...whole(), events: [EVENTS[0], EVENTS[2]] as never }, [], /Event 2 is not there/],
    ["the last event, which is gone", { ...whole(), events: EVENTS.slice(0, 2) }, [], /should end at event 3/],
    [
      "the last event, which is gone without a trace",
      whole({ events: EVENTS.slice(0, 2), signatures: [] }),
      [],
      /No signature covers it/,
    ],
    [
      "an event that was added",
      whole({ events: [...EVENTS, event(4, "ExecutionRetried", {})], signatures: whole().signatures }),
      [],
      /Only events up to 3 of 4/,
    ],
    ["a large value", whole({ values: { [hashOf(LARGE)]: "y" } }), [], /was changed: it does not have that hash/],
    ["a large value that is gone", whole({ values: {} }), [], /is missing/],
    [
      "its id",
      { ...whole(), execution: { ...whole().execution, id: "exe_0000000000002" } },
      [],
      /an event was changed/,
    ],
    [
      "its namespace",
      { ...whole(), execution: { ...whole().execution, namespaceId: 2 } },
      [],
      /was not made with the key/,
    ],
    [
      "a signature of another execution",
      whole({ signatures: [signatureAt(EVENTS, 3, KEY, "exe_0000000000002")] }),
      [],
      /over another history/,
    ],
    [
      "a signature that is none",
      whole({ signatures: [{ ...signatureAt(EVENTS, 3), signature: "zz" }] }),
      [],
      /was not made with the key/,
    ],
    ["all of it, with a key of their own", withKey, [FINGERPRINT], /which is not one that was given/],
    [
      "all of it, with a key of their own under the name of ours",
      {
        ...forged,
        keys: [{ id: KEY.id, publicKey: other.der.toString("base64") }],
        signatures: [{ ...signatureAt(changed, 3, other), keyId: KEY.id }],
      },
      [],
      /is not known/,
    ],
    ["nothing, but the expected key is no key", whole(), ["hunter2"], /neither an Ed25519 public key/],
  ];
  test.each(cases)("is found: %s", (_, file, keys, problem) => {
    const report = verifyHistory(file, keys);
    expect(report.ok).toBe(false);
    expect(report.problems.join("\n")).toMatch(problem);
  });

  test("is not found where it was signed anew with a key that nobody compares: the report says where the key came from", () => {
    expect(verifyHistory(withKey)).toMatchObject({ ok: true, key: "file" });
  });
});

test.each([
  ["no JSON", "{", /cut off/],
  ["another file", "[1]", /not an exported history/],
  ["a newer format", '{"format":2}', /format 2/],
  ["half of one", JSON.stringify({ ...whole(), events: undefined }), /missing/],
  ["events of another shape", JSON.stringify({ ...whole(), events: [1] }), /missing/],
  ["another page", "<!doctype html><p>", /holds no history/],
  ["a page that was cut off", page(whole()).slice(0, -20), /cannot be unpacked/],
  ["a page with a second history", page(whole()) + page(whole()), /more than one history/],
  ["a page whose history was damaged", page(whole()).replace(/"history">./, '"history">A'), /cannot be unpacked/],
])("is not read: %s", (_, text, why) => {
  expect(() => readHistoryFile(text)).toThrow(NotAHistory);
  expect(() => readHistoryFile(text)).toThrow(why);
});

test("is read as it was written", () => {
  expect(readHistoryFile(JSON.stringify(whole()))).toEqual(whole());
});

test("is read out of the page that shows it, and holds", () => {
  const file = readHistoryFile(page(whole()));
  expect(file).toEqual(whole());
  expect(verifyHistory(file, [FINGERPRINT])).toMatchObject({ ok: true, key: "given" });
});
