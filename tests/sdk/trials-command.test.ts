/** `cerebelum test`: which files it finds, what it tests them against, and how it ends. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testTrials } from "@/worker-sdk/src/trials/test-trials";
import { Unreadable } from "@/worker-sdk/src/trials/trial-files";
import { edges, task } from "./trials-corpus";

const definition = { name: "w", nodes: [task("a")], edges: [] };
const trial = {
  cerebelum: "trial",
  format: 1,
  name: "one step",
  workflow: "w",
  definition,
  steps: { a: [{ output: 1 }] },
  expect: { status: "completed", output: { a: 1 } },
};

let folder = "";
const put = (name: string, value: unknown) => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return file;
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "cerebelum-trials-"));
  put("good/b.trial.json", trial);
  put("good/a/c.trial.json", { ...trial, name: "deeper" });
  put("good/node_modules/x.trial.json", trial);
  put("good/.git/x.trial.json", trial);
  put("good/other.json", "{}");
});
afterAll(() => rmSync(folder, { recursive: true }));

const results = (tested: Awaited<ReturnType<typeof testTrials>>) =>
  tested.map(({ file, result, complaints }) => [path.relative(folder, file), result, ...complaints]);

describe("trials in files", () => {
  it("are found in folders, however deep, but not among dependencies, and by name", async () => {
    const good = path.join(folder, "good");
    expect(results(await testTrials({ named: [good] }))).toEqual([
      ["good/a/c.trial.json", "passed"],
      ["good/b.trial.json", "passed"],
    ]);
    const twice = path.join(good, "b.trial.json");
    expect(await testTrials({ named: [twice, good, twice] })).toHaveLength(2);
    await expect(testTrials({ named: [path.join(folder, "nowhere")] })).rejects.toThrow(Unreadable);
  });

  it("are tested against their own definition, or the one that is given, or the code's", async () => {
    const two = { ...trial, definition: undefined, steps: { ...trial.steps, b: [{ output: 2 }] } };
    const named = [put("other/b.trial.json", two)];
    const longer = { name: "w", nodes: [task("a"), task("b")], edges: edges("a > b") };
    expect(results(await testTrials({ named, definition: put("longer.json", longer) }))).toEqual([
      ["other/b.trial.json", "failed", "Its output at /a is not there, and should be 1."],
    ]);
    const code = `export const w = { name: "w", steps: [], definition: ${JSON.stringify({ ...longer, output: { a: "=steps.a.output" } })} };`;
    expect(results(await testTrials({ named, workflows: put("code.mjs", code) }))).toEqual([
      ["other/b.trial.json", "passed"],
    ]);
    await expect(testTrials({ named, workflows: put("none.mjs", "export const x = 1;") })).rejects.toThrow(
      /exports no workflow/,
    );
    await expect(testTrials({ named, definition: put("no.json", { name: "w" }) })).rejects.toThrow(/is no definition/);
  });

  it("are told apart that cannot be read, are no trials, or have no definition", async () => {
    const { definition: _, ...without } = trial;
    const named = [
      put("bad/1.trial.json", "{"),
      put("bad/2.trial.json", { ...trial, steps: { a: [] } }),
      put("bad/3.trial.json", without),
      put("bad/4.trial.json", { ...trial, steps: { a: [{ output: 1, took: "10 sec" }] } }),
    ];
    const tested = await testTrials({ named });
    expect(tested.map(({ result }) => result)).toEqual(["unreadable", "unreadable", "unreadable", "unreadable"]);
    expect(tested.map(({ complaints }) => complaints.join())).toEqual([
      expect.stringMatching(/^It is no JSON/),
      expect.stringMatching(/^It is no trial at \/steps\/a/),
      'It has no definition of "w". Name one by --definition or --workflows.',
      expect.stringMatching(/^It is no trial at \/steps\/a\/0\/took: Write "10 sec" as a duration/),
    ]);
  });

  it("fail where they plan for a step that neither the code nor their own definition has", async () => {
    const steps = { ...trial.steps, chrage: [{ output: 2 }] };
    const named = [put("misspelt/1.trial.json", { ...trial, steps })];
    expect(results(await testTrials({ named }))).toEqual([
      [
        "misspelt/1.trial.json",
        "failed",
        'At /steps/chrage: There is no step "chrage": write its id as the workflow has it.',
      ],
    ]);
    const renamed = { name: "w", nodes: [task("charge")], edges: [] };
    const [tested] = await testTrials({
      named: [put("other/2.trial.json", trial)],
      definition: put("r.json", renamed),
    });
    expect(tested?.complaints[0]).toBe("charge waits for an answer that the trial does not plan.");
  });

  it("fail where the definition is wrong, or the input breaks its schema", async () => {
    const wrong = { ...definition, edges: edges("a > z") };
    const asks = { ...definition, inputSchema: { type: "number" } };
    const named = [
      put("wrong/1.trial.json", { ...trial, definition: wrong }),
      put("wrong/2.trial.json", { ...trial, definition: asks, input: "no" }),
    ];
    const [first, second] = await testTrials({ named });
    expect([first?.result, second?.result]).toEqual(["failed", "failed"]);
    expect(first?.complaints[0]).toMatch(/UNKNOWN_NODE/);
    expect(second?.complaints[0]).toMatch(/^INVALID_INPUT/);
  });
});

describe("the command", () => {
  const run = (...args: string[]) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const command = ["--import", "tsx", path.resolve("worker-sdk/src/cli/main.ts"), ...args];
      const child = execFile(process.execPath, command, (_, out, err) => resolve({ code: child.exitCode, out, err }));
    });

  it("ends with 0 where all passed, 1 where one did not, 2 where one could not be read, and says so", async () => {
    put("mixed/1.trial.json", trial);
    put("mixed/2.trial.json", { ...trial, name: "another way", expect: { status: "failed" } });
    const [passed, failed, unread, json] = await Promise.all([
      run("test", path.join(folder, "good")),
      run("test", path.join(folder, "mixed")),
      run("test", path.join(folder, "bad")),
      run("test", "--json", path.join(folder, "mixed")),
    ]);
    expect([passed?.code, failed?.code, unread?.code, json?.code]).toEqual([0, 1, 2, 1]);
    expect(passed?.out).toMatch(/^PASS {2}w: deeper .*\nPASS {2}w: one step .*\n\n2 passed, 0 failed\n$/);
    expect(failed?.out).toMatch(
      /FAIL {2}w: another way .*\n {6}It completed, and should have failed\.\n\n1 passed, 1 failed/,
    );
    expect(JSON.parse(json?.out ?? "")).toMatchObject({ passed: false, files: [{ status: "completed" }, {}] });
  }, 60_000);

  it("explains itself where it is not understood", async () => {
    const [none, unknown, empty] = await Promise.all([run(), run("tset"), run("test", folder, "--nonsense")]);
    for (const { code, err } of [none, unknown, empty]) {
      expect(code).toBe(2);
      expect(err).toMatch(/Usage: cerebelum test/);
    }
  }, 60_000);
});
