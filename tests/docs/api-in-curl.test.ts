/** Every call that the pages on the API, on schedules and on limits show is one that the API takes: its method, path, query and body. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ROUTES } from "@/lib/http/routes";

const BASE = "http://server/api/v1";

interface ShownCall {
  method: string;
  url: URL;
  body: unknown;
}

/** As a shell would read it: variables by the values given to them on the page, `-d` makes a POST. */
function callsOf(page: string): ShownCall[] {
  const scripts = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, script = ""]) => script).join("\n");
  const values = new Map([...scripts.matchAll(/^([A-Z]+)=(\S+)$/gm)].map(([, name = "", value = ""]) => [name, value]));
  values.set("URL", BASE);
  const expand = (text: string): string =>
    text.replace(/\$([A-Z]+)/g, (_, name: string) => expand(values.get(name) ?? "x"));
  const shown = scripts.matchAll(/^(?:call|curl -N -H "[^"]+")( -X [A-Z]+)? ("[^"]+"|\S+)(?: -d '([^']*)')?$/gm);
  return [...shown].map(([, method, url = "", body]) => ({
    method: method?.replace(" -X ", "") ?? (body === undefined ? "GET" : "POST"),
    url: new URL(expand(url.replaceAll('"', ""))),
    body: body === undefined ? undefined : JSON.parse(body.replaceAll("…", "0")),
  }));
}

/** A path with a word where a template has one goes before one with a parameter there. */
function routeOf({ method, url }: ShownCall) {
  const fits = (template: string) =>
    new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(decodeURIComponent(url.pathname));
  return ROUTES.filter((route) => route.method === method && fits(route.path)).toSorted(
    (a, b) => a.path.split("{").length - b.path.split("{").length,
  )[0];
}

/** What is wrong with a call; null: nothing. */
function faultOf(shown: ShownCall): string | null {
  const route = routeOf(shown);
  if (route === undefined) return "no such route";
  const query = Object.fromEntries(shown.url.searchParams);
  const fit = route.query?.safeParse(query) ?? { success: Object.keys(query).length === 0 };
  if (!fit.success) return "no such query";
  const taken = route.body?.safeParse(shown.body) ?? { success: shown.body === undefined };
  return taken.success ? null : `no such body: ${"error" in taken ? taken.error?.message : ""}`;
}

describe.each(["docs/api-in-curl.md", "docs/schedules.md", "docs/limits-and-retention.md"])("%s", (document) => {
  const page = readFileSync(document, "utf8");
  const calls = callsOf(page);

  it("is read as a whole", () => {
    const lines = [...page.matchAll(/^(?:call|curl) /gm)];
    expect(calls).toHaveLength(lines.length);
  });

  it.each(calls.map((shown) => ({ ...shown, path: `${shown.url.pathname}${shown.url.search}` })))(
    "$method $path is a call",
    (shown) => {
      expect(faultOf(shown)).toBeNull();
    },
  );
});

describe("a page", () => {
  it("that shows a call that is none would be found out", () => {
    const fault = (script: string) => callsOf(`\`\`\`sh\n${script}\n\`\`\``).map(faultOf)[0];
    expect(fault("call $URL/nothing")).toBe("no such route");
    expect(fault("call -X PUT $URL/executions -d '{}'")).toBe("no such route");
    expect(fault('call "$URL/executions?colour=red"')).toBe("no such query");
    expect(fault("call $URL/executions -d '{}'")).toMatch(/no such body/);
    expect(fault("call -X POST $URL/executions")).toMatch(/no such body/);
  });
});
