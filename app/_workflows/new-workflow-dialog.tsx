"use client";
/** Begins a workflow: its name, and what it begins as. Nothing is kept before the first edit. */
import { Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useState } from "react";
import { useDrafts } from "@/lib/client/drafts";
import { useWorkflows } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { newWorkflowTexts as words } from "@/lib/client/texts/workflows";
import { nameSchema } from "@/lib/contract/definition";
import { TEMPLATES } from "@/lib/editor/templates/templates";
import { Button } from "../_ui/button";
import { Dialog } from "../_ui/dialog";
import { Field, Input } from "../_ui/field";
import { TemplatePreview } from "./template-preview";

const BLANK = "blank";

export function NewWorkflowDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={words.title} description={words.lead} wide="widest">
      <NewWorkflow onClose={onClose} />
    </Dialog>
  );
}

function NewWorkflow({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const [template, setTemplate] = useState(BLANK);
  const [typed, setTyped] = useState<string | null>(null);
  const [wasTried, setTried] = useState(false);
  const name = typed ?? TEMPLATES.find(({ id }) => id === template)?.name ?? "";
  const taken = useTaken(name);
  const isName = nameSchema.safeParse(name).success;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setTried(true);
    if (!isName || taken !== null) return;
    const query = template === BLANK ? "" : `?template=${template}`;
    router.push(`/workflows/${encodeURIComponent(name)}/edit${query}`);
    onClose();
  }

  const wrong = taken ?? (wasTried && !isName ? (name === "" ? words.nameMissing : words.nameWrong) : null);
  return (
    <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-0 flex-col gap-5 overflow-y-auto px-5 py-4">
        <div className="max-w-[420px]">
          <Field label={words.name} hint={words.nameHint} error={wrong}>
            {(field) => (
              <Input
                {...field}
                autoFocus
                value={name}
                onChange={({ target }) => setTyped(target.value)}
                placeholder={words.namePlaceholder}
                autoComplete="off"
                spellCheck={false}
                maxLength={128}
                className="font-mono"
              />
            )}
          </Field>
          {taken !== null && (
            <Link
              prefetch={false}
              href={`/workflows/${encodeURIComponent(name)}/edit`}
              className="text-xs text-accent hover:underline"
            >
              {words.openIt(name)}
            </Link>
          )}
        </div>
        <fieldset className="min-w-0">
          <legend className="mb-1.5 text-xs font-medium">{words.beginWith}</legend>
          <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4">
            <Card
              id={BLANK}
              title={words.blank}
              sentence={words.blankSentence}
              chosen={template}
              onChoose={setTemplate}
            />
            {TEMPLATES.map(({ id, title, sentence, definition }) => (
              <Card key={id} id={id} title={title} sentence={sentence} chosen={template} onChoose={setTemplate}>
                <TemplatePreview definition={definition} className="h-full w-full" />
              </Card>
            ))}
          </div>
        </fieldset>
      </div>
      <div className="flex justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button type="submit" variant="solid">
          {words.submit}
        </Button>
      </div>
    </form>
  );
}

function Card({
  id,
  title,
  sentence,
  chosen,
  onChoose,
  children = <Plus aria-hidden size={20} strokeWidth={1.5} className="text-ink-3" />,
}: {
  id: string;
  title: string;
  sentence: string;
  chosen: string;
  onChoose: (id: string) => void;
  children?: ReactNode;
}) {
  return (
    <label className="group relative flex flex-col overflow-hidden rounded-md border border-line-strong bg-raised hover:border-ink-3 has-[:checked]:border-accent has-[:checked]:ring-1 has-[:checked]:ring-accent has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent">
      <input
        type="radio"
        name="template"
        value={id}
        checked={chosen === id}
        onChange={() => onChoose(id)}
        className="sr-only"
      />
      <span className="flex h-28 items-center justify-center border-b bg-sunken p-2">{children}</span>
      <span className="flex flex-col gap-0.5 px-3 py-2">
        <span className="text-xs font-medium">{title}</span>
        <span className="text-2xs leading-4 text-ink-2">{sentence}</span>
      </span>
    </label>
  );
}

/** Why that name cannot be begun; null: it is free, as far as is known. */
function useTaken(name: string): string | null {
  const isPublished = useWorkflows().data?.items.some((workflow) => workflow.name === name);
  const isDrafted = useDrafts().data?.items.some(({ workflow }) => workflow === name);
  if (isPublished) return words.published;
  return isDrafted ? words.drafted : null;
}
