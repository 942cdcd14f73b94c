// Drafts: saved by whoever has seen the last one, seen by everybody who reads, and never a version by themselves.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashOf } from "@/app/_editor/publish/publication";
import { allRows } from "@/db/queries/query";
import { roomMarks } from "@/db/queries/room-marks";
import type { Definition } from "@/lib/contract/definition";
import { canonicalJson } from "@/lib/contract/json";
import { refusal } from "./client";
import { admin, person, type SignedIn } from "./person";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let owner: SignedIn;
let ada: SignedIn;
let bob: SignedIn;
let viewer: SignedIn;

beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
  owner = await admin(server);
  ada = await person(server, "member");
  bob = await person(server, "member");
  viewer = await person(server, "viewer");
});
afterAll(() => server?.close());

const definition = (name: string, more: object = {}) => ({
  name,
  nodes: [{ id: "only", type: "task", task: "only" }],
  edges: [],
  ...more,
});
const draft = (name: string, revision: number, more: object = {}) => ({
  definition: definition(name),
  layout: { places: { only: { x: 10, y: 20 } } },
  baseVersion: null,
  revision,
  ...more,
});
const put = (who: SignedIn, name: string, body: object) => who.call("PUT", `workflows/${name}/draft`, body);
const get = (who: SignedIn, name: string) => who.call("GET", `workflows/${name}/draft`);

describe("a draft", () => {
  test("is kept before anything is published, empty or whole, with how it lies", async () => {
    expect(await get(ada, "fresh")).toMatchObject(refusal(404, "WORKFLOW_NOT_FOUND"));
    const empty = draft("fresh", 0, { definition: definition("fresh", { nodes: [] }), layout: {} });
    expect(await put(ada, "fresh", empty)).toMatchObject({ status: 200, body: { revision: 1 } });
    expect(await put(ada, "fresh", draft("fresh", 1))).toMatchObject({ status: 200, body: { revision: 2 } });
    expect((await get(viewer, "fresh")).body).toEqual({
      workflow: "fresh",
      ...draft("fresh", 2),
      updatedAt: expect.any(String),
      updatedBy: `user:${ada.id}`,
    });
    expect(await ada.call("GET", "workflows/fresh")).toMatchObject(refusal(404, "WORKFLOW_NOT_FOUND"));
  });

  test("of a workflow that has none is its latest version, at revision 0", async () => {
    await ada.call("POST", "workflows", { definition: definition("known") });
    const second = definition("known", { description: "Two" });
    await ada.call("POST", "workflows", { definition: second, note: "Says what it is" });
    expect((await get(ada, "known")).body).toEqual({
      workflow: "known",
      definition: second,
      layout: {},
      baseVersion: 2,
      revision: 0,
      updatedAt: null,
      updatedBy: null,
    });
  });

  test("makes no version, whatever is moved in it", async () => {
    await put(ada, "known", { ...draft("known", 0), baseVersion: 2 });
    const moved = { ...draft("known", 1), baseVersion: 2, layout: { comments: [note("Mind the gap")] } };
    expect(await put(ada, "known", moved)).toMatchObject({ status: 200 });
    expect((await ada.call("GET", "workflows/known")).body.version).toBe(2);
  });

  test("that was saved is told to whoever follows the room of workflows", async () => {
    const mark = async () => {
      const since = { aliveSince: new Date(0), finishedSince: new Date(0) };
      const marks = await allRows(server.instance.reads, roomMarks([1], since));
      return marks.find(({ room }) => room === "workflows")?.mark;
    };
    const before = await mark();
    await put(ada, "known", { ...draft("known", 2), baseVersion: 2 });
    expect(await mark()).not.toBe(before);
  });

  test("that somebody else saved meanwhile is not written over", async () => {
    await put(ada, "shared", draft("shared", 0));
    expect(await put(bob, "shared", draft("shared", 0))).toMatchObject(refusal(409, "STALE_DRAFT"));
    expect(await put(bob, "shared", draft("shared", 1))).toMatchObject({ body: { revision: 2 } });
    expect(await put(ada, "shared", draft("shared", 1))).toMatchObject(refusal(409, "STALE_DRAFT"));
    expect((await get(ada, "shared")).body).toMatchObject({ revision: 2, updatedBy: `user:${bob.id}` });
  });

  test("is won by one of many who save on the same revision at once", async () => {
    await put(ada, "raced", draft("raced", 0));
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(bob, "raced", draft("raced", 1))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
    expect((await get(ada, "raced")).body.revision).toBe(2);
  });

  test("is listed by name, page by page, published or not", async () => {
    const first = (await viewer.call("GET", "drafts?limit=2")).body;
    const rest = (await viewer.call("GET", `drafts?cursor=${first.nextCursor}`)).body;
    expect(rest.nextCursor).toBeNull();
    expect([...first.items, ...rest.items].map(({ workflow }) => workflow)).toEqual([
      "fresh",
      "known",
      "raced",
      "shared",
    ]);
    expect(first.items[0]).toEqual({
      workflow: "fresh",
      baseVersion: null,
      revision: 2,
      updatedAt: expect.any(String),
      updatedBy: `user:${ada.id}`,
      isChanged: true,
      latestVersion: null,
    });
  });

  test("is listed as changed while it says something else than the version that it began as", async () => {
    const listed = async () => {
      const { items } = (await viewer.call("GET", "drafts?limit=200")).body;
      return items.find(({ workflow }: { workflow: string }) => workflow === "known");
    };
    const { revision } = (await get(ada, "known")).body;
    // The same in another order, as the editor may write it.
    const same = { edges: [], nodes: [{ task: "only", type: "task", id: "only" }], description: "Two", name: "known" };
    await put(ada, "known", { ...draft("known", revision), definition: same, baseVersion: 2 });
    expect(await listed()).toMatchObject({ isChanged: false, latestVersion: 2, baseVersion: 2 });
    await put(ada, "known", { ...draft("known", revision + 1), baseVersion: 2 });
    expect(await listed()).toMatchObject({ isChanged: true });
    // What it began as counts, not what was published since.
    await put(ada, "known", { ...draft("known", revision + 2), baseVersion: 1 });
    expect(await listed()).toMatchObject({ isChanged: false, latestVersion: 2, baseVersion: 1 });
  });

  test("in which nothing is new is the version that was published since, on its own revision and as it lies", async () => {
    const { body } = await get(ada, "known");
    expect(body).toMatchObject({ baseVersion: 2, layout: draft("known", 0).layout, updatedBy: `user:${ada.id}` });
    expect(body.definition).toEqual(definition("known", { description: "Two" }));
    expect(await put(ada, "known", saved(body, "Mine"))).toMatchObject({ status: 200 });
    expect((await get(ada, "known")).body).toMatchObject({ baseVersion: 2, definition: { description: "Mine" } });
    await put(ada, "known", saved((await get(ada, "known")).body, "Two"));
  });

  test("that is published is the version, byte for byte", async () => {
    const written = definition("exact", {
      description: "Ü – “exact” 1e21",
      defaults: { retry: { jitter: 0.2, maxAttempts: 3 } },
      output: { b: 1.5, a: "=steps.only.output", é: null },
    });
    await put(ada, "exact", draft("exact", 0, { definition: written }));
    const held = (await get(ada, "exact")).body.definition;
    const { body } = await ada.call("POST", "workflows", { definition: held });
    const version = (await ada.call("GET", `workflows/exact/versions/${body.version}`)).body;
    expect(JSON.stringify(version.definition)).toBe(canonicalJson(held));
    expect(canonicalJson(held)).toBe(canonicalJson(written));
    expect(version.hash).toBe(hashOf(written as unknown as Definition));
    await ada.call("DELETE", "workflows/exact/draft");
  });

  test("is thrown away, and what was published stays", async () => {
    expect(await ada.call("DELETE", "workflows/known/draft")).toMatchObject({ status: 204 });
    expect((await get(ada, "known")).body).toMatchObject({ revision: 0, baseVersion: 2 });
    expect(await ada.call("DELETE", "workflows/known/draft")).toMatchObject(refusal(404, "DRAFT_NOT_FOUND"));
    expect(await put(ada, "known", draft("known", 3))).toMatchObject(refusal(404, "DRAFT_NOT_FOUND"));
  });
});

/** What one saves of a draft that one has read. */
function saved({ definition, layout, baseVersion, revision }: { [field: string]: unknown }, description: string) {
  return { definition: { ...(definition as object), description }, layout, baseVersion, revision };
}

function note(text: string) {
  return { id: "note", text, x: 0, y: 0, width: 120, height: 60 };
}

describe("what is refused", () => {
  test("a viewer's save and discard", async () => {
    expect(await put(viewer, "fresh", draft("fresh", 2))).toMatchObject(refusal(403, "FORBIDDEN"));
    expect(await viewer.call("DELETE", "workflows/fresh/draft")).toMatchObject(refusal(403, "FORBIDDEN"));
  });

  test.each([
    ["a definition of another name", { definition: definition("other") }],
    ["a definition of another shape", { definition: { ...definition("fresh"), color: "red" } }],
    ["a node without a type", { definition: definition("fresh", { nodes: [{ id: "a" }] }) }],
    ["a place that is nowhere", { layout: { places: { only: { x: Number.MAX_VALUE, y: 0 } } } }],
    ["a layout of another shape", { layout: { zoom: 2 } }],
    ["a version that there cannot be", { baseVersion: 0 }],
    ["a revision that there cannot be", { revision: -1 }],
  ])("%s", async (_, more) => {
    expect(await put(ada, "fresh", draft("fresh", 2, more))).toMatchObject(refusal(422, "INVALID_REQUEST"));
    expect((await get(ada, "fresh")).body.revision).toBe(2);
  });
});

describe("the log", () => {
  test("tells of the first save, of changes of hands, and of what was thrown away", async () => {
    const told = async (action: string) =>
      (await owner.call("GET", `audit-log?action=${action}&limit=200`)).body.items.map(
        ({ target, actor, outcome }: { [field: string]: string }) => `${target} ${actor} ${outcome}`,
      );
    await expect
      .poll(() => told("draft.save"))
      .toEqual(
        expect.arrayContaining([
          `fresh user:${ada.id} done`,
          `shared user:${ada.id} done`,
          `shared user:${bob.id} done`,
        ]),
      );
    expect((await told("draft.save")).filter((line: string) => /^fresh .* done$/.test(line))).toHaveLength(1);
    expect(await told("draft.discard")).toContain(`known user:${ada.id} done`);
  });
});

describe("a note", () => {
  test("stays with the version that it was published with", async () => {
    const { body } = await ada.call("GET", "workflows/known");
    expect(body.versions.map(({ note }: { note: string | null }) => note)).toEqual(["Says what it is", null]);
    expect((await ada.call("GET", "workflows/known/versions/2")).body.note).toBe("Says what it is");
    const again = { definition: definition("known", { description: "Two" }), note: "Something else" };
    expect(await ada.call("POST", "workflows", again)).toMatchObject({ status: 200 });
    expect((await ada.call("GET", "workflows/known/versions/2")).body.note).toBe("Says what it is");
  });
});
