// Each rule of who may import whom turns red when it is broken, and is green when it is not.
import { afterAll, beforeAll, expect, test } from "vitest";
import { lawfulProject, type Project, type Verdict } from "./rules";

/** One file breaks one rule, so that a single look at the project tells them apart. */
const BREACHES: [rule: string, file: string, text: string][] = [
  ["no-cycle", "lib/core/hen.ts", `import type { egg } from "./egg";\nexport const hen = (): typeof egg => "egg";\n`],
  ["resolvable", "lib/engine/lost.ts", `import "./absent";\n`],
  ["contract-knows-nobody", "lib/contract/knowing.ts", `import "../core/decide";\n`],
  ["core-is-pure", "lib/core/storing.ts", `import "pg";\n`],
  ["core-is-pure", "lib/core/hashing.ts", `import "node:crypto";\n`],
  ["core-is-relative", "lib/core/aliased.ts", `import "@/lib/contract/ids";\n`],
  ["editor-is-data", "lib/editor/drawing.ts", `import "react";\n`],
  ["db-knows-rows-only", "db/stores/deciding.ts", `import "@/lib/core/decide";\n`],
  ["engine-knows-no-transport", "lib/engine/answering.ts", `import "@/lib/http/route";\n`],
  ["views-only-read", "lib/views/writing.ts", `import "@/db/stores/executions";\n`],
  ["http-is-not-the-page", "lib/http/rendering.ts", `import "next";\n`],
  ["client-knows-no-server", "app/deciding.tsx", `"use client";\nimport "@/lib/engine/start";\n`],
  ["client-knows-no-server", "lib/client/storing.ts", `import "@/db/stores/executions";\n`],
  ["client-knows-no-node", "app/reading.tsx", `// What it shows.\n"use client";\nimport "node:fs";\n`],
  ["pages-ask-the-read-side", "app/asking.tsx", `import "@/db/stores/executions";\n`],
  ["sql-has-its-place", "lib/views/asking.ts", `import "drizzle-orm";\n`],
  ["sdk-stands-alone", "worker-sdk/src/leaning.ts", `import "zod";\n`],
  ["production-knows-no-tests", "lib/engine/tested.ts", `import "../../tests/support/clock";\n`],
];

let project: Project;
let broken: Verdict;
beforeAll(async () => {
  project = lawfulProject();
});
afterAll(() => project.remove());

test("a lawful project breaks no rule", async () => {
  const { kept, output } = await project.imports();
  expect(output).toContain("no dependency violations found");
  expect(kept).toBe(true);
});

test("a breach fails the check", async () => {
  project.write({
    "lib/core/egg.ts": `import type { hen } from "./hen";\nexport const egg = "egg";\nexport type Layer = typeof hen;\n`,
    "lib/http/route.ts": "export {};\n",
    "tests/support/clock.ts": "export {};\n",
    ...Object.fromEntries(BREACHES.map(([, file, text]) => [file, text])),
  });
  broken = await project.imports();
  expect(broken.kept).toBe(false);
});

test.each(BREACHES)("%s is broken by %s", (rule, file) => {
  // A cycle may be told from any of its members on.
  const told = rule === "no-cycle" ? broken.output.replaceAll("egg.ts", "hen.ts") : broken.output;
  expect(told).toContain(`error ${rule}: ${file}`);
});
