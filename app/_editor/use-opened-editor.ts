"use client";
/** The store of the page, opened once on the draft that the server has; nothing of it is left unsaved when one goes. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { nameOf } from "@/lib/client/actors";
import { ApiError } from "@/lib/client/api";
import { draftQuery, readDraft, saveDraft } from "@/lib/client/drafts";
import { editorTexts as words } from "@/lib/client/texts/editor";
import { toast } from "../_ui/toast";
import type { Alarm, OpenedDraft, SavingStatus } from "./draft-keeper";
import { Judge } from "./findings/judge";
import { EditorStore } from "./store";

const UNSAVED: readonly SavingStatus[] = ["unsaved", "saving", "failed", "conflict"];

export function useOpenedEditor(workflow: string, opened: OpenedDraft, isReadOnly: boolean): EditorStore {
  const [{ store, judge }] = useState(() => openEditor(workflow, opened, isReadOnly));
  useEffect(() => {
    store.judge();
    return () => judge.close();
  }, [store, judge]);
  useSavedOnLeaving(store);
  useOthersDrafts(workflow, store);
  return store;
}

function openEditor(workflow: string, opened: OpenedDraft, isReadOnly: boolean) {
  const judge = new Judge();
  const store = new EditorStore({
    opened,
    isReadOnly,
    server: { read: () => readDraft(workflow), save: (body) => saveDraft(workflow, body), codeOf },
    alarm,
    now: () => performance.now(),
    judge: (definition, answer) => judge.ask(definition, answer),
    refuse: toast.failed,
    merged: (by) => void tellMerged(by),
  });
  return { store, judge };
}

const codeOf = (error: unknown) => (error instanceof ApiError ? error.code : null);

const alarm: Alarm = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

async function tellMerged(by: string | null): Promise<void> {
  const name = by === null ? null : await nameOf(by).catch(() => null);
  toast.told(name === null ? words.mergedUnknown : words.merged(name));
}

/** Whoever goes to another page or tab has it saved at once; whoever closes this one is asked while it is not. */
function useSavedOnLeaving(store: EditorStore): void {
  useEffect(() => {
    const save = () => void store.draft.flush();
    const hidden = () => document.hidden && save();
    const ask = (event: BeforeUnloadEvent) => {
      if (UNSAVED.includes(store.state().saving.status)) event.preventDefault();
    };
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("beforeunload", ask);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("beforeunload", ask);
      save();
    };
  }, [store]);
}

/** Drafts are news of the workflows' room: the query is asked again whenever one was saved. */
function useOthersDrafts(workflow: string, store: EditorStore): void {
  const { data } = useQuery({ ...draftQuery(workflow), refetchInterval: 15_000 });
  useEffect(() => {
    if (data) store.draft.heard(data);
  }, [data, store]);
}
