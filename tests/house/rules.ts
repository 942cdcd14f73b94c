// A small project that keeps the rules, to be broken in one place and looked at with the project's own tools.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../scripts/processes.mjs";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const CONFIGURATION = [
  ".dependency-cruiser.cjs",
  ".gitignore",
  "biome.json",
  "tsconfig.json",
  "scripts/lint",
  "lib/core/tsconfig.json",
];

const LAWFUL: Record<string, string> = {
  "lib/contract/ids.ts": `import { z } from "zod";\nexport const idSchema = z.string();\n`,
  "lib/core/decide.ts": `import { idSchema } from "../contract/ids";\nexport const decide = (id: string) => idSchema.parse(id);\n`,
  "lib/engine/start.ts": `import { decide } from "@/lib/core/decide";\nimport { insert } from "@/db/stores/executions";\nexport const start = (id: string) => insert(decide(id));\n`,
  "lib/client/api.ts": `import { idSchema } from "@/lib/contract/ids";\nexport const read = (text: string) => idSchema.parse(text);\n`,
  "db/stores/executions.ts": `import pg from "pg";\nexport const insert = (id: string) => [id, pg.types];\n`,
  "app/list.tsx": `"use client";\nimport { read } from "@/lib/client/api";\nexport const List = () => <p>{read("")}</p>;\n`,
  "worker-sdk/src/index.ts": `export { decide } from "@/lib/core/decide";\n`,
};

export interface Project {
  /** Writes files over the lawful ones. */
  write(files: Record<string, string>): void;
  imports(): Promise<Verdict>;
  lint(): Promise<Verdict>;
  coreTypes(): Promise<Verdict>;
  remove(): void;
}

export interface Verdict {
  kept: boolean;
  output: string;
}

export function lawfulProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), "cerebelum-rules-"));
  const write = (files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  write(LAWFUL);
  for (const path of CONFIGURATION) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const tool = async (path: string, args: string[]): Promise<Verdict> => {
    const { code, output } = await run(process.execPath, [join(ROOT, "node_modules", path), ...args], { cwd: folder });
    return { kept: code === 0, output };
  };
  return {
    write,
    imports: () =>
      tool("dependency-cruiser/bin/dependency-cruise.mjs", [
        "--config",
        ".dependency-cruiser.cjs",
        "app",
        "db",
        "lib",
        "worker-sdk/src",
      ]),
    lint: () => tool("@biomejs/biome/bin/biome", ["lint", "--error-on-warnings", "lib"]),
    coreTypes: () => tool("typescript/bin/tsc", ["-p", "lib/core", "--noEmit"]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
