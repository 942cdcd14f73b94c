"use client";
/**
 * Publishes what the editor holds: what is new in it against the version that is published now, what the validator says, what
 * it touches. The draft is saved first; where that brings in what somebody else changed, one looks again before it goes out.
 */
import { type FormEvent, useMemo, useState } from "react";
import { texts } from "@/lib/client/texts";
import { publishTexts as words } from "@/lib/client/texts/editor-publish";
import { useLatestDefinition, usePublishWorkflow, useWorkflowIfAny } from "@/lib/client/workflows";
import type { Definition } from "@/lib/contract/definition";
import type { WorkflowDetail } from "@/lib/contract/workflows";
import { Button } from "../../_ui/button";
import { classNames } from "../../_ui/class-names";
import { Dialog } from "../../_ui/dialog";
import { Failure } from "../../_ui/failure";
import { Field, inputClass } from "../../_ui/field";
import { Skeleton } from "../../_ui/skeleton";
import { toast } from "../../_ui/toast";
import type { EditorStore } from "../store";
import { useEditor, useEditorStore } from "../use-editor";
import { publicationOf } from "./publication";
import { PublishChanges } from "./publish-changes";
import { PublishEffects } from "./publish-effects";
import { PublishFindings } from "./publish-findings";

export interface PublishDialogProps {
  onClose: () => void;
  /** Instead of closing, and telling where the version can be looked at. */
  onPublished?: (version: number) => void;
}

export function PublishDialog({ onClose, onPublished }: PublishDialogProps) {
  const definition = useEditor(({ session }) => session.present.definition);
  const { name } = definition;
  const workflow = useWorkflowIfAny(name);
  const latest = useLatestDefinition(workflow.data);
  const isKnown = workflow.data !== undefined && (workflow.data === null || latest !== null);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={words.title(name)} wide="widest">
      {workflow.isError ? (
        <Failure error={workflow.error} onRetry={() => workflow.refetch()} />
      ) : isKnown ? (
        <Publishing
          definition={definition}
          workflow={workflow.data ?? null}
          latest={latest}
          onClose={onClose}
          onPublished={onPublished}
        />
      ) : (
        <div className="flex h-[70dvh] flex-col gap-3 px-5 py-4">
          <Skeleton className="h-4 w-64" />
          <Skeleton className="min-h-0 flex-1" />
        </div>
      )}
    </Dialog>
  );
}

interface PublishingProps extends Omit<PublishDialogProps, "onPublished"> {
  definition: Definition;
  workflow: WorkflowDetail | null;
  latest: Definition | null;
  onPublished: PublishDialogProps["onPublished"] | undefined;
}

function Publishing({ definition, workflow, latest, onClose, onPublished }: PublishingProps) {
  const editor = useEditorStore();
  const findings = useEditor((state) => state.findings);
  const baseVersion = useEditor(({ saving }) => saving.baseVersion);
  const publication = useMemo(
    () => publicationOf({ definition, workflow, baseVersion, findings }),
    [definition, workflow, baseVersion, findings],
  );
  const { version, existing } = publication;
  const publish = usePublishWorkflow(definition.name);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isFlushing, setFlushing] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get("note") ?? "").trim() || undefined;
    setFlushing(true);
    const why = await settled(editor, definition).finally(() => setFlushing(false));
    setRefusal(why);
    if (why !== null) return;
    publish.mutate(
      { definition, note },
      {
        onSuccess: ({ version: made }) => {
          editor.draft.published(made);
          if (onPublished) return onPublished(made);
          onClose();
          tellPublished(definition.name, made);
        },
      },
    );
  }

  const error = refusal ?? (publish.error && texts.errors.sentence(publish.error));
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <p className="px-5 pt-1 text-sm text-ink-2">{existing === null ? words.as(version) : null}</p>
      <div className="flex min-h-0 flex-col overflow-y-auto border-t mt-3 lg:h-[min(640px,68dvh)] lg:flex-row lg:overflow-hidden">
        <PublishChanges definition={definition} latest={latest} workflow={workflow} />
        <div className="flex min-h-0 shrink-0 flex-col gap-5 px-5 py-4 lg:w-[340px] lg:overflow-y-auto lg:border-l">
          <Situation publication={publication} />
          <PublishFindings publication={publication} isJudged={findings !== null} onClose={onClose} />
          <PublishEffects name={definition.name} workflow={workflow} />
          <Field label={words.note} hint={words.noteHint} optional={texts.common.optional}>
            {(field) => (
              <textarea
                {...field}
                name="note"
                rows={3}
                maxLength={4096}
                className={classNames(inputClass, "h-auto resize-y py-2 leading-5")}
              />
            )}
          </Field>
        </div>
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">
        {error && (
          <p role="alert" className="mr-auto max-w-[60ch] text-xs text-danger">
            {error}
          </p>
        )}
        <Button variant="ghost" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button type="submit" variant="solid" busy={isFlushing || publish.isPending} disabled={!publication.isPossible}>
          {existing === null ? words.submit(version) : words.submitAgain}
        </Button>
      </div>
    </form>
  );
}

/** What must be known before one publishes at all. */
function Situation({
  publication: { existing, latest, overtaken },
}: {
  publication: ReturnType<typeof publicationOf>;
}) {
  if (existing !== null && latest !== null) {
    const sentence = existing === latest ? words.same(existing) : words.sameAsOlder(existing, latest);
    return <Notice status="paused">{sentence}</Notice>;
  }
  if (overtaken !== null && latest !== null)
    return <Notice status="paused">{words.overtaken(overtaken, latest)}</Notice>;
  return null;
}

function Notice({ status, children }: { status: string; children: string }) {
  return (
    <p data-status={status} className="rounded-md bg-tone-tint px-3 py-2 text-xs leading-4 text-ink">
      {children}
    </p>
  );
}

/** Saves the draft; says why it cannot be published as it was shown, or null. */
async function settled(editor: EditorStore, shown: Definition): Promise<string | null> {
  await editor.draft.flush();
  const { status } = editor.state().saving;
  if (status === "conflict" || status === "gone") return words.waitsForChoice;
  if (editor.present.definition !== shown) return words.changedMeanwhile;
  return status === "failed" ? words.notSaved : null;
}

function tellPublished(name: string, version: number): void {
  const room = `/workflows/${encodeURIComponent(name)}`;
  toast.done(
    words.published(version),
    { name: words.openIt, href: `${room}?version=${version}` },
    { name: words.startIt, href: `${room}?start=${version}` },
  );
}
