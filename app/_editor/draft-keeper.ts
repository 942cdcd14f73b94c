/**
 * Keeps one's draft on the server: saves soon after an edit, on top of the revision that was seen last. What somebody else
 * saved meanwhile is put together with one's own; where both changed the same, nothing is saved until it is chosen whose stands.
 * Knows no React and no clock of its own.
 *
 *   saved --edit--> unsaved --a moment later--> saving --answered--> saved
 *                      ^                          |--STALE_DRAFT--> merging --no conflict--> unsaved
 *                      |--a wait-- failed <-------|                    |--both changed the same--> conflict --chosen--> unsaved
 *   A draft that was thrown away by somebody is `gone` until one's own is kept.
 */
import type { Draft, DraftSaved, SaveDraft } from "@/lib/contract/drafts";
import { canonicalJson } from "@/lib/contract/json";
import type { EditorDocument } from "@/lib/editor/document";
import { type Conflict, merge, type Side } from "@/lib/editor/merge";

export type SavingStatus = "saved" | "unsaved" | "saving" | "failed" | "conflict" | "gone" | "off";

export interface Saving {
  readonly status: SavingStatus;
  /** Of the draft on the server; 0: none was saved yet. */
  readonly revision: number;
  /** The published version that it began as. */
  readonly baseVersion: number | null;
  /** Of the last save, by whomever. */
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  readonly conflicts: readonly Conflict[];
  /** Why it could not be saved. */
  readonly error: unknown;
}

export interface DraftServer {
  read(): Promise<Draft>;
  save(body: SaveDraft): Promise<DraftSaved>;
  /** What a refusal says; null where no server answered. */
  codeOf(error: unknown): string | null;
}

export interface Alarm {
  /** @returns calls it off */
  after(ms: number, run: () => void): () => void;
}

/** What the keeper asks of whoever holds the document. */
export interface DraftHolder {
  present(): EditorDocument;
  /** Changes every document that undo and redo know of. */
  carry(change: (document: EditorDocument) => EditorDocument): void;
  changed(): void;
  /** Somebody else's changes are in the document now. */
  merged(by: string | null): void;
}

const SOON_MS = 700;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
/** Whoever asks for a save now and is overtaken by others so often is answered all the same. */
const FLUSHES = 5;

export interface OpenedDraft {
  readonly document: EditorDocument;
  readonly revision: number;
  readonly baseVersion: number | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

export class DraftKeeper {
  #saving: Saving;
  /** What the server has, as far as is known: the common ground of a merge. */
  #ground: EditorDocument;
  /** Theirs, while it is not chosen whose stands. */
  #theirs: { readonly document: EditorDocument; readonly draft: Draft } | null = null;
  #callOff: (() => void) | null = null;
  #waitMs = FIRST_WAIT_MS;
  #underway: Promise<void> | null = null;
  #isStopped = false;

  constructor(
    opened: OpenedDraft,
    private readonly server: DraftServer,
    private readonly holder: DraftHolder,
    private readonly alarm: Alarm,
    private readonly isOff: boolean,
  ) {
    this.#ground = opened.document;
    const { revision, baseVersion, updatedAt, updatedBy } = opened;
    this.#saving = {
      status: isOff ? "off" : "saved",
      revision,
      baseVersion,
      updatedAt,
      updatedBy,
      conflicts: [],
      error: null,
    };
  }

  get saving(): Saving {
    return this.#saving;
  }

  /** The document may be another: it is saved soon. */
  touched(): void {
    const { status } = this.#saving;
    if (status === "off" || status === "conflict" || status === "gone" || status === "saving") return;
    if (this.holder.present() === this.#ground) return;
    this.#set({ status: "unsaved" });
    this.#soon(SOON_MS);
  }

  /** Saves now what is not saved; settles when it is, or cannot be. */
  async flush(): Promise<void> {
    await this.#underway;
    for (let i = 0; i < FLUSHES && this.#isPending; i++) {
      await this.#save();
      if (this.#saving.status === "failed") return;
    }
  }

  /** What the server has now: others' changes come in. */
  heard(draft: Draft): void {
    const { status, revision } = this.#saving;
    if (this.#isStopped || status === "saving" || status === "conflict" || status === "gone") return;
    if (draft.revision > revision) this.#takeIn(draft);
  }

  /** Whose stands where both changed the same. */
  settle(side: Side): void {
    const theirs = this.#theirs;
    if (theirs === null) return;
    this.#theirs = null;
    this.#mergeIn(theirs.document, side);
    this.#afterMerge(theirs.draft);
  }

  /** One's own is kept, though somebody threw the draft away. */
  keep(): void {
    if (this.#saving.status !== "gone") return;
    this.#set({ status: "unsaved", revision: 0 });
    this.#soon(0);
  }

  /** It was published, as that version: the draft goes on from there. */
  published(version: number): void {
    const { status } = this.#saving;
    const isSaved = status === "saved" || status === "unsaved" || status === "saving" || status === "failed";
    this.#set({ baseVersion: version, ...(isSaved ? { status: "unsaved" } : {}) });
    if (isSaved) this.#soon(0);
  }

  /** No more of it is saved; what is underway is not called back. */
  stop(): void {
    this.#clear();
    this.#isStopped = true;
    this.#set({});
  }

  get #isPending(): boolean {
    return this.#saving.status === "unsaved" || this.#saving.status === "failed";
  }

  #soon(ms: number): void {
    this.#clear();
    this.#callOff = this.alarm.after(ms, () => {
      this.#callOff = null;
      if (this.#isPending) void this.#save();
    });
  }

  #clear(): void {
    this.#callOff?.();
    this.#callOff = null;
  }

  #save(): Promise<void> {
    this.#clear();
    this.#underway ??= this.#saveOnce().finally(() => {
      this.#underway = null;
      // What was edited while it was saved.
      if (this.#saving.status === "unsaved") this.#soon(SOON_MS);
    });
    return this.#underway;
  }

  async #saveOnce(): Promise<void> {
    const document = this.holder.present();
    const { revision, baseVersion } = this.#saving;
    this.#set({ status: "saving", error: null });
    try {
      const saved = await this.server.save({ ...document, revision, baseVersion });
      this.#ground = document;
      this.#waitMs = FIRST_WAIT_MS;
      const isLatest = this.holder.present() === document && this.#saving.baseVersion === baseVersion;
      this.#set({ status: isLatest ? "saved" : "unsaved", ...saved, updatedBy: null });
    } catch (error) {
      await this.#refused(error);
    }
  }

  async #refused(error: unknown): Promise<void> {
    const code = this.server.codeOf(error);
    if (code === "DRAFT_NOT_FOUND") this.#set({ status: "gone", error });
    else if (code === "STALE_DRAFT") await this.#lookAgain();
    else this.#failed(error);
  }

  async #lookAgain(): Promise<void> {
    try {
      const draft = await this.server.read();
      // Between the two calls it was thrown away: what is read then is what is published.
      if (draft.revision === 0) this.#set({ status: "gone", error: null });
      else this.#takeIn(draft);
    } catch (error) {
      if (this.server.codeOf(error) === "WORKFLOW_NOT_FOUND") this.#set({ status: "gone", error });
      else this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#set({ status: "failed", error });
    this.#soon(this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
  }

  #takeIn(draft: Draft): void {
    const document = documentOf(draft);
    const { conflicts } = merge(this.#ground, this.holder.present(), document, "mine");
    if (conflicts.length > 0) {
      this.#theirs = { document, draft };
      this.#clear();
      const { updatedAt, updatedBy } = draft;
      this.#set({ status: "conflict", conflicts, updatedAt, updatedBy });
      return;
    }
    this.#mergeIn(document, "mine");
    this.#afterMerge(draft);
  }

  #mergeIn(theirs: EditorDocument, prefer: Side): void {
    const ground = this.#ground;
    this.holder.carry((document) => merge(ground, document, theirs, prefer).document);
    this.#ground = theirs;
  }

  #afterMerge({ revision, baseVersion, updatedAt, updatedBy }: Draft): void {
    // Taking it in has touched the document: that alone is nothing to save.
    this.#clear();
    this.#set({ status: "saved", revision, baseVersion, updatedAt, updatedBy, conflicts: [], error: null });
    if (!isSame(this.holder.present(), this.#ground)) this.touched();
    this.holder.merged(updatedBy);
  }

  #set(change: Partial<Saving>): void {
    const off = this.isOff || this.#isStopped ? { status: "off" as const } : {};
    this.#saving = { ...this.#saving, ...change, ...off };
    this.holder.changed();
  }
}

/** A definition that was saved is one that could be: the server has judged it. */
export function documentOf({ definition, layout }: Pick<Draft, "definition" | "layout">): EditorDocument {
  return { definition: definition as unknown as EditorDocument["definition"], layout };
}

function isSame(a: EditorDocument, b: EditorDocument): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}
