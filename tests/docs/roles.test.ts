// The tables of docs/roles.md are the one table of rights that every route asks.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { grantedByRole, grantedByScopes, PERMISSIONS, ROLES, SCOPES } from "@/lib/contract/permissions";

const PAGE = readFileSync("docs/roles.md", "utf8");

/** Cells of the rows below a header that begins with that word. */
function table(first: string): string[][] {
  const lines = PAGE.split("\n");
  const header = lines.findIndex((line) => line.startsWith(`| ${first} |`));
  expect(header, first).toBeGreaterThanOrEqual(0);
  const rows: string[][] = [];
  for (const line of lines.slice(header)) {
    if (!line.startsWith("|")) break;
    rows.push(
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
  }
  return rows.filter(([name]) => !/^-+$/.test(name ?? ""));
}

test("every permission is explained", () => {
  expect(table("permission").map(([name]) => name)).toEqual(["permission", ...PERMISSIONS]);
});

describe.each([
  ["role", ROLES, (name: string) => grantedByRole(ROLES.find((role) => role === name) ?? "viewer")],
  ["scope", SCOPES, (name: string) => grantedByScopes(SCOPES.filter((scope) => scope === name))],
] as const)("what each %s may do", (kind, names, granted) => {
  test("is what the page says", () => {
    const [header = [], ...rows] = table(kind);
    expect(header).toEqual([kind, ...PERMISSIONS]);
    expect(rows.map(([name]) => name)).toEqual([...names]);
    for (const [name = "", ...cells] of rows) {
      const shown = PERMISSIONS.filter((_, i) => cells[i] === "yes");
      expect(shown, name).toEqual(PERMISSIONS.filter((permission) => granted(name).has(permission)));
    }
  });
});
