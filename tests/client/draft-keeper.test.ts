/** A draft is kept soon after an edit, on top of what was seen last; what others save comes in, and nothing of anybody is lost. */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  type DraftHolder,
  DraftKeeper,
  type DraftServer,
  documentOf,
  type OpenedDraft,
} from "@/app/_editor/draft-keeper";
import type { Node } from "@/lib/contract/definition";
import type { Draft, SaveDraft } from "@/lib/contract/drafts";
import { canonicalJson } from "@/lib/contract/json";
import type { EditorDocument } from "@/lib/editor/document";
import { applyEdit, type Edit } from "@/lib/editor/edits";

const task = (id: string): Node => ({ id, type: "task", task: id });
const FIRST: EditorDocument = {
  definition: { name: "orders", nodes: [task("pay"), task("ship")], edges: [{ from: "pay", to: "ship" }] },
  layout: {},
};

class Refused extends Error {
  constructor(readonly code: string | null) {
    super(code ?? "no answer");
  }
}

/** One draft, with the rules of the API. `hold`: the next save is not answered until it is let go. */
class FakeServer {
  draft: Draft | null = null;
  readonly saves: SaveDraft[] = [];
  failing: (string | null)[] = [];
  held: (() => void) | null = null;
  isHolding = false;

  as(who: string): DraftServer {
    return {
      read: async () => structuredClone(this.draft ?? draftOf(FIRST, 0, 1, null)),
      save: async (body) => {
        this.saves.push(structuredClone(body));
        if (this.isHolding) await new Promise<void>((resolve) => (this.held = resolve));
        if (this.failing.length > 0) throw new Refused(this.failing.shift() ?? null);
        if (body.revision === 0 ? this.draft !== null : this.draft?.revision !== body.revision)
          throw new Refused(this.draft === null ? "DRAFT_NOT_FOUND" : "STALE_DRAFT");
        this.draft = draftOf(structuredClone(body), body.revision + 1, body.baseVersion, who);
        return { revision: body.revision + 1, updatedAt: "2026-01-01T00:00:00.000Z" };
      },
      codeOf: (error) => (error instanceof Refused ? error.code : null),
    };
  }

  letGo(): void {
    this.isHolding = false;
    this.held?.();
  }
}

function draftOf(
  { definition, layout }: EditorDocument,
  revision: number,
  baseVersion: number | null,
  by: string | null,
) {
  const updatedAt = by === null ? null : "2026-01-01T00:00:00.000Z";
  return { workflow: "orders", definition, layout, baseVersion, revision, updatedAt, updatedBy: by } as Draft;
}

/** Alarms that go when they are told to. */
class Alarms {
  readonly set = new Map<number, { ms: number; run: () => void }>();
  private next = 0;

  after(ms: number, run: () => void): () => void {
    const id = this.next++;
    this.set.set(id, { ms, run });
    return () => void this.set.delete(id);
  }

  get waits(): number[] {
    return [...this.set.values()].map(({ ms }) => ms);
  }

  go(): void {
    const due = [...this.set];
    this.set.clear();
    for (const [, { run }] of due) run();
  }
}

class Person {
  document: EditorDocument;
  readonly undone: EditorDocument[] = [];
  readonly alarms = new Alarms();
  readonly merges: (string | null)[] = [];
  readonly keeper: DraftKeeper;

  constructor(
    readonly server: FakeServer,
    readonly name: string,
    opened: Partial<OpenedDraft> = {},
    isOff = false,
  ) {
    const start = { document: FIRST, revision: 0, baseVersion: 1, updatedAt: null, updatedBy: null, ...opened };
    this.document = start.document;
    const holder: DraftHolder = {
      present: () => this.document,
      carry: (change) => {
        const before = this.document;
        this.document = change(before);
        if (this.document !== before) this.keeper.touched();
      },
      changed: () => {},
      merged: (by) => this.merges.push(by),
    };
    this.keeper = new DraftKeeper(start, server.as(name), holder, this.alarms, isOff);
  }

  get status() {
    return this.keeper.saving.status;
  }

  edit(edit: Edit): void {
    const edited = applyEdit(this.document, edit);
    if ("refused" in edited) throw new Error(edited.refused);
    this.document = edited.document;
    this.keeper.touched();
  }

  describe(text: string): void {
    this.edit({ type: "set-workflow", path: ["description"], value: text });
  }

  add(id: string): void {
    this.edit({ type: "add-node", scope: null, node: task(id) });
  }

  /** The alarm goes, and whatever follows from it is over. */
  async later(): Promise<void> {
    this.alarms.go();
    await quiet();
  }

  hear(): void {
    if (this.server.draft) this.keeper.heard(structuredClone(this.server.draft));
  }
}

/** All that is answered at once has been answered. */
const quiet = async () => {
  for (let i = 0; i < 30; i++) await Promise.resolve();
};

const kept = ({ draft }: FakeServer) => draft && documentOf(draft);
const ids = ({ definition }: EditorDocument) => definition.nodes.map(({ id }) => id);

let server: FakeServer;
let ada: Person;
let bob: Person;
beforeEach(() => {
  server = new FakeServer();
  ada = new Person(server, "user:ada");
  bob = new Person(server, "user:bob");
});

describe("one who edits alone", () => {
  it("has several edits saved together, a moment after the last one", async () => {
    ada.describe("O");
    ada.describe("Or");
    expect(ada.status).toBe("unsaved");
    expect(ada.alarms.waits).toHaveLength(1);
    await ada.later();
    expect(ada.status).toBe("saved");
    expect(server.saves).toHaveLength(1);
    expect(kept(server)).toEqual(ada.document);
    expect(ada.alarms.waits).toEqual([]);
  });

  it("has what was edited while it was saved, saved after it", async () => {
    server.isHolding = true;
    ada.describe("one");
    await ada.later();
    expect(ada.status).toBe("saving");
    ada.describe("two");
    server.letGo();
    await quiet();
    expect(ada.status).toBe("unsaved");
    await ada.later();
    expect(ada.status).toBe("saved");
    expect(server.saves.map(({ definition, revision }) => [definition.description, revision])).toEqual([
      ["one", 0],
      ["two", 1],
    ]);
  });

  it("saves nothing where nothing was edited", async () => {
    ada.keeper.touched();
    await ada.keeper.flush();
    expect([ada.status, server.saves]).toEqual(["saved", []]);
  });

  it("has all of it saved by the time a flush settles, also what came while it was saved", async () => {
    server.isHolding = true;
    ada.describe("one");
    await ada.later();
    ada.describe("two");
    const flushed = ada.keeper.flush();
    server.letGo();
    await flushed;
    expect([ada.status, kept(server)?.definition.description]).toEqual(["saved", "two"]);
    expect(ada.alarms.waits).toEqual([]);
  });

  it("is tried again ever later while no server answers, and soon again once one did", async () => {
    server.failing = [null, null, null, null, null, null];
    ada.describe("lost?");
    await ada.later();
    const waits = [];
    for (let i = 0; i < 6; i++) {
      expect(ada.status).toBe("failed");
      waits.push(...ada.alarms.waits);
      await ada.later();
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect([ada.status, kept(server)?.definition.description]).toEqual(["saved", "lost?"]);
    server.failing = [null];
    ada.describe("again");
    await ada.later();
    expect(ada.alarms.waits).toEqual([2_000]);
  });

  it("goes on from the version that it was published as", async () => {
    ada.describe("second");
    await ada.keeper.flush();
    ada.keeper.published(2);
    await ada.later();
    expect(ada.keeper.saving).toMatchObject({ status: "saved", baseVersion: 2, revision: 2 });
    expect(server.draft?.baseVersion).toBe(2);
  });

  it("is not saved any more once it was stopped, not even by what was underway", async () => {
    server.isHolding = true;
    ada.describe("one");
    await ada.later();
    ada.describe("two");
    ada.keeper.stop();
    server.letGo();
    await quiet();
    expect([ada.status, ada.alarms.waits, server.saves.length]).toEqual(["off", [], 1]);
  });
});

describe("two who edit at once", () => {
  it("see each other's changes come in, and both have both", async () => {
    ada.add("pack");
    bob.describe("Bob's");
    await ada.later();
    await bob.later();
    expect(bob.status).toBe("unsaved");
    await bob.later();
    ada.hear();
    expect(ada.document).toEqual(bob.document);
    expect(kept(server)).toEqual(ada.document);
    expect(ids(ada.document)).toEqual(["pay", "ship", "pack"]);
    expect(ada.document.definition.description).toBe("Bob's");
    expect([ada.merges, bob.merges]).toEqual([["user:bob"], ["user:ada"]]);
  });

  it("come to rest: taking in a change is nothing to save", async () => {
    ada.add("a");
    bob.add("b");
    await ada.later();
    await bob.later();
    await bob.later();
    for (let i = 0; i < 5; i++) {
      ada.hear();
      bob.hear();
      await ada.later();
      await bob.later();
    }
    expect([ada.status, bob.status, ada.alarms.waits, bob.alarms.waits]).toEqual(["saved", "saved", [], []]);
    expect(server.saves.length).toBeLessThan(6);
    expect(canonicalJson(ada.document)).toBe(canonicalJson(bob.document));
  });

  it("choose where both changed the same; until then nothing of theirs is written over", async () => {
    ada.describe("Ada's");
    await ada.later();
    bob.describe("Bob's");
    bob.add("pack");
    await bob.later();
    expect(bob.keeper.saving).toMatchObject({
      status: "conflict",
      updatedBy: "user:ada",
      conflicts: [{ node: null, field: "description", mine: "Bob's", theirs: "Ada's" }],
    });
    bob.add("label");
    expect(bob.alarms.waits).toEqual([]);
    bob.keeper.settle("theirs");
    await bob.later();
    expect([bob.status, kept(server)?.definition.description]).toEqual(["saved", "Ada's"]);
    expect(ids(bob.document)).toEqual(["pay", "ship", "pack", "label"]);
    expect(kept(server)).toEqual(bob.document);
  });

  it("may keep their own", async () => {
    ada.describe("Ada's");
    await ada.later();
    bob.describe("Bob's");
    await bob.later();
    bob.keeper.settle("mine");
    await bob.later();
    ada.hear();
    expect([bob.status, ada.status]).toEqual(["saved", "saved"]);
    expect(ada.document.definition.description).toBe("Bob's");
  });

  it("are put together within one flush", async () => {
    ada.add("pack");
    await ada.later();
    bob.describe("Bob's");
    await bob.keeper.flush();
    expect(bob.status).toBe("saved");
    expect(kept(server)).toEqual(bob.document);
    expect(ids(bob.document)).toContain("pack");
  });

  it("lose nothing, however their saves and looks fall", async () => {
    const step = fc.record({
      who: fc.constantFrom("ada", "bob"),
      what: fc.constantFrom("edit", "alarm", "hear", "flush"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        server = new FakeServer();
        const people = { ada: new Person(server, "user:ada"), bob: new Person(server, "user:bob") };
        const added: string[] = [];
        for (const { who, what } of steps) {
          const person = people[who as keyof typeof people];
          if (what === "edit") {
            added.push(`${who}_${added.length}`);
            person.add(added.at(-1) ?? "");
          } else if (what === "hear") person.hear();
          else if (what === "flush") void person.keeper.flush();
          else person.alarms.go();
          if (what === "alarm") await quiet();
        }
        for (let i = 0; i < 6; i++) {
          for (const person of Object.values(people)) {
            await quiet();
            await person.later();
            person.hear();
          }
        }
        for (const person of Object.values(people)) {
          expect(person.status).toBe("saved");
          expect(ids(person.document).toSorted()).toEqual(["pay", "ship", ...added].toSorted());
          if (added.length > 0) expect(canonicalJson(person.document)).toBe(canonicalJson(kept(server)));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a draft that somebody threw away", () => {
  beforeEach(async () => {
    ada.describe("one");
    await ada.later();
    server.draft = null;
    ada.describe("two");
    await ada.later();
  });

  it("is gone, and saved no more by itself", async () => {
    expect(ada.status).toBe("gone");
    ada.describe("three");
    await ada.later();
    expect([ada.status, server.draft, ada.alarms.waits]).toEqual(["gone", null, []]);
  });

  it("is kept where one says so", async () => {
    ada.keeper.keep();
    await ada.later();
    expect([ada.status, kept(server)?.definition.description]).toEqual(["saved", "two"]);
  });

  it("is put together with the one that somebody began anew, and where they differ one chooses", async () => {
    bob.add("pack");
    await bob.later();
    ada.keeper.keep();
    await ada.later();
    expect(ada.keeper.saving.conflicts).toMatchObject([{ field: "description", mine: "two", theirs: null }]);
    ada.keeper.settle("mine");
    await ada.later();
    expect([ada.status, kept(server)?.definition.description]).toEqual(["saved", "two"]);
    expect(ids(ada.document)).toContain("pack");
  });
});

describe("one who may only look", () => {
  it("sees what others save, and saves nothing", async () => {
    const viewer = new Person(server, "user:viewer", {}, true);
    ada.describe("news");
    await ada.later();
    viewer.hear();
    await viewer.later();
    expect([viewer.status, viewer.document.definition.description]).toEqual(["off", "news"]);
    expect(server.saves).toHaveLength(1);
  });
});
