// @ts-check
// The migrations say what the schema says: generating anew, into a copy, finds nothing to add.
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { run } from "./processes.mjs";

const [schema = "./db/schema/*.ts", migrations = "db/migrations"] = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), "cerebelum-migrations-"));
try {
  const copy = join(folder, "migrations");
  cpSync(migrations, copy, { recursive: true });
  const kit = join("node_modules", "drizzle-kit", "bin.cjs");
  // Drizzle takes a relative folder only.
  const options = [
    "generate",
    "--dialect=postgresql",
    `--schema=${schema}`,
    `--out=${relative(".", copy)}`,
    "--name=drift",
  ];
  const { code, output } = await run(process.execPath, [kit, ...options]);
  const added = readdirSync(copy).filter((name) => name.endsWith("_drift.sql"));
  if (code !== 0 || added.length > 0 || !/no schema changes/i.test(output)) {
    console.error(
      added.length > 0 ? `the schema has changes without a migration: npx drizzle-kit generate\n` : "",
      output,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
