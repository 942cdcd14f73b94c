/**
 * The editor behind its page: one document with its undo, what is selected, what the validator says of it, and how it is
 * saved. Parts of the page change it by edits and hear of what changed; it draws nothing and knows no React.
 */
import type { Finding } from "@/lib/contract/findings";
import type { EditorDocument } from "@/lib/editor/document";
import { applyEdit, type Edit } from "@/lib/editor/edits";
import { carried, edit, openSession, redo, type Session, undo } from "@/lib/editor/session";
import type { Alarm, DraftServer, OpenedDraft, Saving } from "./draft-keeper";
import { DraftKeeper } from "./draft-keeper";
import { NOTHING, onlyNodes, renamedIn, type Selection, stillThere } from "./selection";

export interface EditorState {
  readonly session: Session;
  readonly selection: Selection;
  /** Of the definition as it was a moment ago; null until it was judged for the first time. */
  readonly findings: readonly Finding[] | null;
  readonly saving: Saving;
  /** One may look and not edit. */
  readonly isReadOnly: boolean;
  /** Grows whenever somebody asks for the settings of what is selected. */
  readonly settingsAsked: number;
  /** A node to bring into view; `times` grows, so that the same one can be asked for again. */
  readonly revealed: { readonly node: string; readonly times: number } | null;
}

export interface EditorSetting {
  readonly opened: OpenedDraft;
  readonly isReadOnly: boolean;
  readonly server: DraftServer;
  readonly alarm: Alarm;
  /** Milliseconds of any one clock. */
  readonly now: () => number;
  /** Judges a definition beside the page; only the latest question is answered. */
  readonly judge: (definition: EditorDocument["definition"], answer: (findings: readonly Finding[]) => void) => void;
  /** Says why an edit was refused. */
  readonly refuse: (why: string) => void;
  /** Somebody else's changes came in. */
  readonly merged: (by: string | null) => void;
}

export class EditorStore {
  #state: EditorState;
  readonly #listeners = new Set<() => void>();
  readonly #keeper: DraftKeeper;

  constructor(private readonly setting: EditorSetting) {
    const { opened, server, alarm, isReadOnly } = setting;
    const holder = {
      present: () => this.present,
      carry: (change: (document: EditorDocument) => EditorDocument) =>
        this.#become(carried(this.#state.session, change)),
      changed: () => this.#set({ saving: this.#keeper.saving }),
      merged: setting.merged,
    };
    this.#keeper = new DraftKeeper(opened, server, holder, alarm, isReadOnly);
    this.#state = {
      session: openSession(opened.document),
      selection: NOTHING,
      findings: null,
      saving: this.#keeper.saving,
      isReadOnly,
      settingsAsked: 0,
      revealed: null,
    };
  }

  /** Has the document judged as it is; each change is judged by itself. */
  judge(): void {
    const { definition } = this.present;
    this.setting.judge(definition, (findings) => this.#set({ findings }));
  }

  get present(): EditorDocument {
    return this.#state.session.present;
  }

  readonly state = (): EditorState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** How it is saved, and what is to be done about it. */
  get draft(): Pick<DraftKeeper, "flush" | "heard" | "settle" | "keep" | "published" | "stop"> {
    return this.#keeper;
  }

  /** @returns the ids of what is new; null: it was refused, and has been said why */
  apply(change: Edit): readonly string[] | null {
    if (this.#state.isReadOnly) return null;
    const edited = edit(this.#state.session, change, this.setting.now());
    if ("refused" in edited) {
      this.setting.refuse(edited.refused);
      return null;
    }
    if (edited.session !== this.#state.session)
      this.#become(edited.session, selectionAfter(change, this.#state.selection));
    return edited.made;
  }

  /** What {@link apply} would make of it; null: it would be refused. */
  tried(change: Edit): EditorDocument | null {
    const edited = applyEdit(this.present, change);
    return "refused" in edited ? null : edited.document;
  }

  undo(): void {
    this.#become(undo(this.#state.session));
  }

  redo(): void {
    this.#become(redo(this.#state.session));
  }

  select(selection: Selection): void {
    if (selection !== this.#state.selection) this.#set({ selection });
  }

  /** Leads to the settings of what is selected, wherever the page has them. */
  openSettings(): void {
    this.#set({ settingsAsked: this.#state.settingsAsked + 1 });
  }

  /** Selects a node and brings it into view. */
  reveal(node: string): void {
    this.#set({ selection: onlyNodes(node), revealed: { node, times: (this.#state.revealed?.times ?? 0) + 1 } });
  }

  #become(session: Session, selection = this.#state.selection): void {
    const before = this.#state.session;
    if (session === before) return;
    this.#set({ session, selection: stillThere(selection, session.present) });
    if (session.present.definition !== before.present.definition) this.judge();
    this.#keeper.touched();
  }

  #set(change: Partial<EditorState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function selectionAfter(change: Edit, selection: Selection): Selection {
  return change.type === "rename-node" ? renamedIn(selection, change.node, change.to) : selection;
}
