/** The core built anew from its sources with one of them edited. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { runInThisContext } from "node:vm";
import { build } from "esbuild";
import type { Mutant } from "../mutants";
import type { Core } from "./core";

const CORE = resolve(import.meta.dirname, "../../../lib/core");

/** Throws where the edit does not fit the source exactly once: the mutant is out of date. */
export async function mutatedCore(mutant: Mutant): Promise<Core> {
  const target = resolve(CORE, "execution", mutant.file);
  const built = await build({
    stdin: { contents: ENTRY, resolveDir: CORE, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "core",
    target: "es2023",
    plugins: [
      {
        name: "mutate",
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            const source = await readFile(path, "utf8");
            return { contents: path === target ? edit(source, mutant) : source, loader: "ts" };
          });
        },
      },
    ],
  });
  return runInThisContext(`(() => { ${built.outputFiles[0]?.text}; return core; })()`) as Core;
}

const ENTRY = `
  export { compileGraph } from "./definition/graph";
  export { initialState } from "./execution/initial-state";
  export { decide } from "./execution/decide";
  export { evolve } from "./execution/evolve";
  export { wakeAt } from "./execution/deadlines";
`;

function edit(source: string, { name, find, replace }: Mutant): string {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`the seeded bug "${name}" fits the source ${parts.length - 1} times`);
  return parts.join(replace);
}
