/** The colours of the design language can be read: WCAG 2.2 AA, in both themes, for every tone that says a status. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");

function tokensOf(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`));
  const body = block.slice(0, block.indexOf("\n}"));
  return new Map([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [name, value]));
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const GRAPHIC = 3;
const HUES = ["grey", "faint", "blue", "violet", "green", "red", "amber", "orange", "rose"];

describe.each([
  ["light", ":root"],
  ["dark", '[data-theme="dark"]'],
])("in the %s theme", (_, selector) => {
  const tokens = tokensOf(selector);
  const token = (name: string) => tokens.get(name) ?? expect.fail(`no token ${name}`);
  const against = (name: string, grounds: string[]) =>
    Object.fromEntries(grounds.map((ground) => [ground, contrast(token(name), token(ground))]));
  const least = (found: Record<string, number>) => Math.min(...Object.values(found));

  it.each(["ink", "ink-2", "ink-3"])("%s reads on every ground", (name) => {
    expect(least(against(name, ["canvas", "sunken", "raised", "hover", "active"]))).toBeGreaterThanOrEqual(TEXT);
  });

  it.each(HUES)("%s reads on the page, under the pointer and on its own tint", (hue) => {
    expect(least(against(hue, ["canvas", "sunken", "hover", `${hue}-tint`]))).toBeGreaterThanOrEqual(TEXT);
  });

  it.each(HUES.filter((hue) => hue !== "faint"))("the fill of %s is told from the page", (hue) => {
    expect(least(against(`${hue}-fill`, ["canvas", "hover"]))).toBeGreaterThanOrEqual(GRAPHIC);
  });

  it("JSON reads on its ground", () => {
    for (const name of ["json-key", "json-string", "json-number", "json-keyword"])
      expect(least(against(name, ["sunken"]))).toBeGreaterThanOrEqual(TEXT);
  });

  it("solid buttons, links and errors read", () => {
    expect(contrast(token("on-solid"), token("solid"))).toBeGreaterThanOrEqual(TEXT);
    expect(contrast("#ffffff", token("danger-solid"))).toBeGreaterThanOrEqual(TEXT);
    expect(least(against("accent", ["canvas", "raised", "sunken"]))).toBeGreaterThanOrEqual(TEXT);
  });
});
