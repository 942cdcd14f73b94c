/** The published bundle: ESM and CJS with types, the core and the contract inlined, nothing left to install. */
import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    testing: "src/testing/index.ts",
    verify: "src/verify/cli.ts",
    cerebelum: "src/cli/main.ts",
  },
  format: ["esm", "cjs"],
  platform: "node",
  target: "node20",
  dts: true,
  clean: true,
  sourcemap: false,
  fixedExtension: false,
  outExtensions: ({ format }) => (format === "cjs" ? { js: ".cjs", dts: ".d.cts" } : { js: ".js", dts: ".d.ts" }),
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
});
