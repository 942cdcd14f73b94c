// Which tests need what: `unit` nothing, `postgres` one embedded PostgreSQL a run, `kill` a build and processes to kill,
// `soak` PostgreSQL and patience.
// Browser tests are Playwright's (playwright.config.ts).
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const UNIT = [
  "tests/client/**/*.test.ts",
  "tests/core/**/*.test.ts",
  "tests/contract/**/*.test.ts",
  "tests/docs/**/*.test.ts",
  "tests/editor/**/*.test.ts",
  "tests/engine/**/*.test.ts",
  "tests/histories/**/*.test.ts",
  "tests/house/**/*.test.ts",
  "tests/sdk/**/*.test.ts",
  "tests/simulation/**/*.test.ts",
];
const ELSEWHERE = ["tests/e2e/**", "tests/kill/**", "tests/soak/**"];
const globalSetup = ["tests/support/postgres-setup.ts"];
const server = { hookTimeout: 60_000, testTimeout: 30_000 };

export default defineConfig({
  resolve: {
    alias: {
      "@cerebelum/sdk/testing": fileURLToPath(new URL("worker-sdk/src/testing/index.ts", import.meta.url)),
      "@cerebelum/sdk": fileURLToPath(new URL("worker-sdk/src/index.ts", import.meta.url)),
      "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, ""),
    },
  },
  test: {
    pool: "threads",
    maxWorkers: 2,
    // What a thread has loaded serves all its files, for loading it took a third of the time. Who changes something global
    // puts it back.
    isolate: false,
    projects: [
      { extends: true, test: { name: "unit", include: UNIT, testTimeout: 30_000 } },
      {
        extends: true,
        test: {
          name: "postgres",
          include: ["tests/**/*.test.ts"],
          exclude: [...UNIT, ...ELSEWHERE],
          globalSetup,
          ...server,
        },
      },
      {
        extends: true,
        test: { name: "kill", include: ["tests/kill/**/*.test.ts"], ...server },
      },
      {
        extends: true,
        test: { name: "soak", include: ["tests/soak/**/*.test.ts"], globalSetup, ...server, testTimeout: 600_000 },
      },
    ],
  },
});
