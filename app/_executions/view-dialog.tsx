"use client";
/** Keeps a view under a name, renames or shares it, or forgets it. Loaded when it is first wanted. */
import { type FormEvent, useId, useState } from "react";
import { useViewChanges } from "@/lib/client/saved-views";
import { texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { SavedView } from "@/lib/contract/saved-views";
import { Button } from "../_ui/button";
import { Checkbox } from "../_ui/checkbox";
import { Dialog } from "../_ui/dialog";
import { Field, Input } from "../_ui/field";
import { toast } from "../_ui/toast";

const words = executionsTexts.views;

interface Props {
  asked: "new" | { view: SavedView; to: "rename" | "remove" };
  /** What a new one keeps. */
  query: string;
  onClose: () => void;
  onSaved: (view: SavedView) => void;
  onRemoved: () => void;
}

export default function ViewDialog(props: Props) {
  const { asked, onClose } = props;
  if (asked !== "new" && asked.to === "remove") return <RemoveDialog {...props} view={asked.view} />;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={asked === "new" ? words.saveTitle : words.renameTitle}
      description={asked === "new" ? words.saveHint : undefined}
    >
      <ViewForm {...props} view={asked === "new" ? null : asked.view} />
    </Dialog>
  );
}

function ViewForm({ view, query, onClose, onSaved }: Props & { view: SavedView | null }) {
  const sharedId = useId();
  const { save, update } = useViewChanges("executions");
  const [name, setName] = useState(view?.name ?? "");
  const [isShared, setShared] = useState(view?.isShared ?? false);
  const error = save.error ?? update.error;

  function submit(event: FormEvent) {
    event.preventDefault();
    const onSuccess = (kept: SavedView) => {
      toast.done(words.saved);
      onSaved(kept);
      onClose();
    };
    const said = { name: name.trim(), isShared };
    if (view === null) save.mutate({ ...said, query }, { onSuccess });
    else update.mutate({ id: view.id, ...said }, { onSuccess });
  }

  return (
    <form onSubmit={submit}>
      <div className="flex flex-col gap-4 px-5 py-4">
        <Field label={words.name} error={error ? texts.errors.sentence(error) : null}>
          {(field) => (
            <Input
              {...field}
              autoFocus
              autoComplete="off"
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="flex items-center gap-2">
          <Checkbox id={sharedId} checked={isShared} onChange={setShared} />
          <label htmlFor={sharedId} className="text-sm">
            {words.isShared}
          </label>
        </div>
      </div>
      <div className="flex justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button type="submit" variant="solid" disabled={name.trim() === ""} busy={save.isPending || update.isPending}>
          {words.submit}
        </Button>
      </div>
    </form>
  );
}

function RemoveDialog({ view, onClose, onRemoved }: Props & { view: SavedView }) {
  const { remove } = useViewChanges("executions");
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={words.removeTitle(view.name)}
      description={words.removeHint(view.isShared)}
    >
      {remove.error && (
        <p role="alert" className="px-5 pt-3 text-xs text-danger">
          {texts.errors.sentence(remove.error)}
        </p>
      )}
      <div className="mt-4 flex justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button
          variant="danger"
          busy={remove.isPending}
          onClick={() =>
            remove.mutate(view.id, {
              onSuccess: () => {
                toast.done(words.removed);
                onRemoved();
                onClose();
              },
            })
          }
        >
          {words.remove}
        </Button>
      </div>
    </Dialog>
  );
}
