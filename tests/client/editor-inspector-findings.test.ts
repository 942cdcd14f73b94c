/** Findings are narrowed and put together by node, and never lose their order. */
import { describe, expect, it } from "vitest";
import { byNode, narrowed } from "@/app/_editor/findings/findings-model";
import type { Finding } from "@/lib/contract/findings";

const finding = (severity: Finding["severity"], code: string, node?: string): Finding => ({
  code,
  severity,
  path: "/nodes/0",
  message: `${code} is wrong`,
  ...(node === undefined ? {} : { node }),
});
const FINDINGS = [
  finding("error", "CYCLE", "b"),
  finding("error", "EMPTY"),
  finding("warning", "UNREAD", "b"),
  finding("warning", "SLOW", "a"),
];

describe("findings", () => {
  it("are narrowed by how bad they are, and by what they say, of which node, under which code", () => {
    expect(narrowed(FINDINGS, "error", "").map(({ code }) => code)).toStrictEqual(["CYCLE", "EMPTY"]);
    expect(narrowed(FINDINGS, "all", "unr").map(({ code }) => code)).toStrictEqual(["UNREAD"]);
    expect(narrowed(FINDINGS, "warning", "cycle")).toStrictEqual([]);
  });

  it("stand by node, the node with the first one first", () => {
    const groups = byNode(FINDINGS);
    expect(groups.map(({ node, findings }) => [node, findings.length])).toStrictEqual([
      ["b", 2],
      [null, 1],
      ["a", 1],
    ]);
  });
});
