// A lock file that lacks what its packages name is found out, before `npm ci` fails on somebody else's machine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findGaps } from "../../scripts/check-lock.mjs";
import { ROOT } from "./rules";

const lock = () => JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;

test("the project's lock is complete", () => {
  expect(findGaps(lock())).toEqual([]);
});

test("a platform package that npm dropped is missed", () => {
  const packages = lock();
  delete packages["node_modules/@next/swc-darwin-arm64"];
  expect(findGaps(packages)).toEqual([expect.stringContaining("node_modules/next needs @next/swc-darwin-arm64")]);
});

test("another version of a platform package does not stand in for it", () => {
  const packages = {
    "node_modules/a": { version: "2.0.0", optionalDependencies: { "a-linux": "2.0.0" } },
    "node_modules/a-linux": { version: "1.0.0" },
  };
  expect(findGaps(packages)).toEqual(["node_modules/a needs a-linux 2.0.0, which the lock lacks"]);
});

test("a package is found in any folder above, as Node finds it", () => {
  const packages = {
    "node_modules/a/node_modules/b": { version: "1.0.0", dependencies: { c: "^1.0.0", d: "^1.0.0" } },
    "node_modules/a/node_modules/c": { version: "1.2.0" },
    "node_modules/d": { version: "1.0.0" },
  };
  expect(findGaps(packages)).toEqual([]);
});

test("leftovers and fetched-from addresses are named", () => {
  const packages = {
    "node_modules/a": { version: "1.0.0", extraneous: true },
    "node_modules/b": { version: "1.0.0", resolved: "https://registry.example/b.tgz" },
  };
  expect(findGaps(packages)).toHaveLength(2);
});
