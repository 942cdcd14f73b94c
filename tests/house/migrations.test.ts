// A table that was changed without a migration is found out, and finding out changes nothing.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../scripts/processes.mjs";
import { ROOT } from "./rules";

let folder: string;
let migrations: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerebelum-schema-"));
  migrations = join(folder, "migrations");
  mkdirSync(migrations);
  declare("{ id: integer() }");
  const out = `--out=${relative(ROOT, migrations)}`;
  const options = ["generate", "--dialect=postgresql", `--schema=${join(folder, "tables.ts")}`, out, "--name=first"];
  await run(process.execPath, ["node_modules/drizzle-kit/bin.cjs", ...options], { cwd: ROOT });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function declare(columns: string) {
  const text = `import { integer, pgTable } from "${ROOT}/node_modules/drizzle-orm/pg-core";\nexport const things = pgTable("things", ${columns});\n`;
  writeFileSync(join(folder, "tables.ts"), text);
}

function check() {
  return run(process.execPath, ["scripts/check-migrations.mjs", join(folder, "tables.ts"), migrations], { cwd: ROOT });
}

test("tables that their migrations make are no drift", async () => {
  expect(await check()).toMatchObject({ code: 0 });
});

test("a column without a migration is drift", async () => {
  const before = readdirSync(migrations);
  declare("{ id: integer(), extra: integer() }");
  const { code, output } = await check();
  expect(output).toContain("without a migration");
  expect(code).toBe(1);
  expect(readdirSync(migrations)).toEqual(before);
});
