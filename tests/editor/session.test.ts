/** Whatever is edited and undone, the schema accepts what is left; and undoing all gives the first document back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftDefinitionSchema, layoutSchema } from "@/lib/contract/drafts";
import { blankDocument } from "@/lib/editor/blank";
import type { EditorDocument } from "@/lib/editor/document";
import type { Edit } from "@/lib/editor/edits";
import { carried, edit, openSession, redo, type Session, undo } from "@/lib/editor/session";
import { type Draw, depthOf, draws, editFrom } from "./random-edits";

const FIRST = blankDocument("orders");

const EVERY_EDIT: readonly Edit["type"][] = [
  "add-node",
  "insert-node",
  "remove",
  "rename-node",
  "set-node",
  "set-workflow",
  "unfold-body",
  "connect",
  "reconnect",
  "set-loop",
  "paste",
  "move",
  "tidy",
  "fold",
  "add-comment",
  "set-comment",
  "all",
  "replace",
];

function accepted({ definition, layout }: EditorDocument) {
  expect(draftDefinitionSchema.safeParse(definition).error?.issues).toBeUndefined();
  expect(layoutSchema.safeParse(layout).error?.issues).toBeUndefined();
}

function played(list: readonly Draw[], step: (session: Session) => void = () => {}): Session {
  return list.reduce((session, draw, i) => {
    const edited = edit(session, editFrom(session.present, draw), i * 5_000);
    const next = "refused" in edited ? session : edited.session;
    step(next);
    return next;
  }, openSession(FIRST));
}

describe("any edits", () => {
  it("leave a document that the schema accepts", () => {
    const done = new Set<string>();
    let deepest = 0;
    fc.assert(
      fc.property(draws, (list) => {
        played(list, ({ present, past }) => {
          accepted(present);
          for (const { edit } of past.slice(-1)) done.add(edit.type);
          deepest = Math.max(deepest, depthOf(present));
        });
      }),
      { numRuns: 300 },
    );
    expect(done).toEqual(new Set(EVERY_EDIT));
    expect(deepest).toBeGreaterThan(1);
  });

  it("are all undone to the first document, and done again to the last", () => {
    fc.assert(
      fc.property(draws, (list) => {
        const session = played(list);
        let back = session;
        while (back.past.length > 0) back = undo(back);
        expect(back.present).toStrictEqual(FIRST);
        while (back.future.length > 0) back = redo(back);
        expect(back.present).toStrictEqual(session.present);
      }),
      { numRuns: 200 },
    );
  });

  it("with undos and redos between them leave a document that the schema accepts", () => {
    const mixed = fc.tuple(draws, fc.array(fc.boolean(), { maxLength: 40 }));
    fc.assert(
      fc.property(mixed, ([list, backs]) => {
        const session = list.reduce((each, draw, i) => {
          const edited = edit(each, editFrom(each.present, draw), i * 300);
          const next = "refused" in edited ? each : edited.session;
          const moved = backs[i] === undefined ? next : backs[i] ? undo(next) : redo(next);
          accepted(moved.present);
          return moved;
        }, openSession(FIRST));
        let back = session;
        while (back.past.length > 0) back = undo(back);
        expect(back.present).toStrictEqual(FIRST);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a session", () => {
  const typed = (session: Session, text: string, at: number) => {
    const edited = edit(session, { type: "set-workflow", path: ["description"], value: text }, at);
    if ("refused" in edited) throw new Error(edited.refused);
    return edited.session;
  };

  it("undoes what was typed in one go at once, and what was typed after a while for itself", () => {
    const session = typed(typed(typed(openSession(FIRST), "W", 0), "We", 400), "Welcome", 9_000);
    expect(undo(session).present.definition.description).toBe("We");
    expect(undo(undo(session)).present).toStrictEqual(FIRST);
  });

  it("keeps no step for an edit that changes nothing", () => {
    const edited = edit(openSession(FIRST), { type: "tidy" }, 0);
    if ("refused" in edited) throw new Error(edited.refused);
    expect(edited.session).toStrictEqual(openSession(FIRST));
  });

  it("never undoes what was carried into it", () => {
    const session = carried(typed(openSession(FIRST), "mine", 0), ({ definition, layout }) => ({
      definition: { ...definition, timeout: "1d" },
      layout,
    }));
    expect(undo(session).present.definition).toStrictEqual({ ...FIRST.definition, timeout: "1d" });
  });
});
