// Browser tests: a real Chromium, and a server as `npm start` runs it, with a data folder of its own.
import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/chromium.mjs";

const root = process.getuid?.() === 0;

export default defineConfig({
  testDir: "tests/e2e",
  globalSetup: "./tests/support/browser-setup.ts",
  forbidOnly: true,
  // A machine that runs tests may hiccup; what fails twice is broken. One that passes at second try is reported as flaky.
  retries: process.env.CI ? 1 : 0,
  // Server, database and browser share the machine: one page after the other is as fast, and steadier.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: process.env.CEREBELUM_URL,
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: findChromium(),
      args: ["--disable-dev-shm-usage", "--disable-gpu", ...(root ? ["--no-sandbox"] : [])],
    },
  },
});
