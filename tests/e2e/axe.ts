/** What axe finds on a page as it stands, in words; nothing is what a test expects. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";
import type { RunOptions } from "axe-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Scope {
  /** A selector of the only part to look at. */
  part?: string | undefined;
  /** The only rules to judge by. */
  rules?: readonly string[];
  without?: readonly string[];
}

/** In its present theme, without motion. Axe is loaded once a document, for that takes as long as a judgement. */
export async function violations(page: Page, { part, rules, without = [] }: Scope = {}): Promise<string[]> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  // A colour that is still on its way to another theme is none of it.
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(SOURCE);
  const context = { exclude: [".react-flow__attribution"], ...(part !== undefined && { include: [part] }) };
  const options: RunOptions = {
    // What is right is not told apart: on a full page that is most of the work.
    resultTypes: ["violations"],
    ...(rules && { runOnly: { type: "rule", values: [...rules] } }),
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
  };
  return page.evaluate(
    async (asked) => {
      const { axe: judge } = window as unknown as { axe: typeof axe };
      const found = await judge.run(asked.context, asked.options);
      return found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
      );
    },
    { context, options },
  );
}

/** All of it in the light theme, and in the dark one what a theme can change. */
export async function barriers(page: Page, part?: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  const light = await violations(page, { part });
  await page.emulateMedia({ colorScheme: "dark" });
  return [...light, ...(await violations(page, { part, rules: ["color-contrast"] }))];
}
