/** What is read from a file and what is said of it: whole ones, changed ones, and those that are none. */
import { webcrypto } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { executionIn, versionIn } from "@/app/_portable/file-answers";
import { type HistoryFile, NotAHistory, readHistory } from "@/app/_portable/history-file";
import { unpack } from "@/app/_portable/packed";
import { verifyHere } from "@/app/_portable/verify-here";
import type { HistoryEvent } from "@/lib/contract/history";
import { canonicalEvent } from "@/lib/core/execution/canonical-event";
import { firstLinkText, signedText } from "@/lib/core/execution/chain-texts";

const subtle = webcrypto.subtle as unknown as SubtleCrypto;
const ID = "exe_0000000000001";
const at = "2026-11-28T12:00:00.000Z";
/** Its members are in no order, as users write them. */
const LARGE = { zone: "eu", amount: 1, hostile: "</script>\u2028\u2029" };

const hex = (bytes: ArrayBuffer) => Buffer.from(bytes).toString("hex");
const sha256 = async (...parts: (string | Uint8Array)[]) =>
  subtle.digest("SHA-256", Buffer.concat(parts.map((part) => Buffer.from(part))));

async function signedFile(): Promise<{ file: HistoryFile; fingerprint: string }> {
  const hash = hex(await sha256(JSON.stringify(LARGE)));
  const events = [
    {
      sequence: 1,
      type: "ExecutionStarted",
      at,
      actor: "key:1",
      command: 1,
      data: { workflow: "w", version: 1, hash: "abc", key: "k-1", tags: ["vip"], inputRef: { hash, bytes: 70 } },
    },
    { sequence: 2, type: "ExecutionTerminated", at, actor: "user:1", command: 2, data: { reason: "enough" } },
  ] as HistoryEvent[];
  let head = await sha256(firstLinkText(ID));
  for (const event of events) head = await sha256(new Uint8Array(head), canonicalEvent(event));
  const pair = (await subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const der = await subtle.exportKey("spki", pair.publicKey);
  const fingerprint = hex(await sha256(new Uint8Array(der)));
  const signed = { executionId: ID, namespaceId: 7, sequence: 2, head: hex(head) };
  const signature = await subtle.sign("Ed25519", pair.privateKey, Buffer.from(signedText(signed)));
  const keyId = fingerprint.slice(0, 32);
  const file = {
    format: 1,
    execution: {
      id: ID,
      namespace: "default",
      namespaceId: 7,
      workflow: "w",
      version: 1,
      status: "terminated",
      sequence: 2,
      head: hex(head),
      startedAt: at,
      closedAt: at,
      forkedFrom: null,
    },
    definition: { name: "w", nodes: [{ id: "a", type: "task", task: "a" }], edges: [] },
    events,
    values: { [hash]: LARGE },
    signatures: [{ sequence: 2, keyId, head: hex(head), signature: hex(signature) }],
    keys: [{ id: keyId, publicKey: Buffer.from(der).toString("base64") }],
  } as unknown as HistoryFile;
  return { file: readHistory(JSON.stringify(file)), fingerprint };
}

describe("the signature of a file", () => {
  test("holds, by its own key or by one that is known", async () => {
    const { file, fingerprint } = await signedFile();
    expect(await verifyHere(file, [], subtle)).toMatchObject({
      state: "holds",
      problems: [],
      signature: { isKnown: false, fingerprint },
    });
    expect((await verifyHere(file, [fingerprint], subtle)).signature?.isKnown).toBe(true);
  });

  test.each<[string, (file: HistoryFile) => void, string]>([
    ["an event that was changed", ({ events: [, last] }) => Object.assign(last ?? {}, { actor: "user:2" }), "head"],
    ["an event that is gone", ({ events }) => events.pop(), "end"],
    [
      "a value that was changed",
      ({ values }) => Object.assign(Object.values(values)[0] ?? {}, { amount: 2 }),
      "value-changed",
    ],
    ["a value that is gone", ({ values }) => delete values[Object.keys(values)[0] ?? ""], "value-missing"],
    ["another namespace's", ({ execution }) => Object.assign(execution, { namespaceId: 8 }), "signature"],
    ["a key under another's name", ({ keys: [key] }) => Object.assign(key ?? {}, { publicKey: "AAAA" }), "signature"],
  ])("does not hold over %s", async (_, change, kind) => {
    const { file } = await signedFile();
    change(file);
    const { state, problems } = await verifyHere(file, [], subtle);
    expect(state).toBe("changed");
    expect(problems.map((problem) => problem.kind)).toContain(kind);
  });

  test("that is not there makes a history unsigned, and a browser without the means says that", async () => {
    const { file } = await signedFile();
    file.signatures.length = 0;
    expect((await verifyHere(file, [], subtle)).state).toBe("unsigned");
    expect((await verifyHere(file, [], undefined)).state).toBe("uncheckable");
  });
});

test("the execution of a file is what its history says", async () => {
  const { file } = await signedFile();
  const opened = { history: file, versions: {}, text: "", madeAt: null };
  expect(executionIn(opened)).toMatchObject({
    id: ID,
    key: "k-1",
    status: "terminated",
    tags: ["vip"],
    input: LARGE,
    hash: "abc",
    progress: { completed: 0, total: 1 },
  });
  expect(versionIn(opened, 1)?.definition).toMatchObject({ name: "w" });
  expect(versionIn(opened, 2)).toBeNull();
});

test("a history that the core cannot fold is shown by what its file says of it", async () => {
  const { file } = await signedFile();
  Object.assign(file.events[0] ?? {}, { type: "ExecutionStarted", data: { version: 9 } });
  expect(executionIn({ history: file, versions: {}, text: "", madeAt: null })).toMatchObject({
    status: "terminated",
    steps: [],
  });
});

test.each([
  ["", "neither"],
  ["[]", "neither"],
  ['{"format":2}', "format 2"],
  ['{"format":1}', "missing"],
])("%s is no history, and is told so", (text, why) => {
  expect(() => readHistory(text)).toThrow(NotAHistory);
  expect(() => readHistory(text)).toThrow(why);
});

test("what is packed is unpacked as it was, whatever it holds", async () => {
  const text = JSON.stringify({ ...LARGE, nul: "\u0000", more: "😀ä" });
  expect(await unpack(gzipSync(text).toString("base64"))).toBe(text);
});
