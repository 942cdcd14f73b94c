"use client";
/** The namespaces of the organisation, and a new one. */
import { Ellipsis, Plus } from "lucide-react";
import { useState } from "react";
import { useDeleteNamespace } from "@/lib/client/alerts";
import { chooseNamespace, useCreateNamespace, useNamespaces } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import { namespaceTexts } from "@/lib/client/texts/limits";
import { peopleTexts } from "@/lib/client/texts/people";
import type { Namespace } from "@/lib/contract/namespaces";
import type { Column } from "../_rooms/simple-table";
import { Button } from "../_ui/button";
import { Field, Input } from "../_ui/field";
import { FormDialog } from "../_ui/form-dialog";
import { Menu } from "../_ui/menu";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import { toast } from "../_ui/toast";
import { Bar, List } from "./list";

const words = peopleTexts.settings.namespaces;

export function NamespacesRoom({ here, organisation }: { here: string; organisation: string }) {
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string | null>(null);
  const columns: Column<Namespace>[] = [
    { name: words.columns.name, cell: ({ name }) => <span className="font-mono text-xs font-medium">{name}</span> },
    {
      name: words.columns.created,
      extra: true,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} className="text-ink-2" />,
    },
    {
      name: words.columns.actions,
      isNameHidden: true,
      numeric: true,
      cell: ({ name }) => (
        <span className="flex items-center justify-end gap-1">
          {name === here ? (
            <span className="text-xs text-ink-3">{words.here}</span>
          ) : (
            <OpenButton name={name} organisation={organisation} />
          )}
          <Menu
            trigger={
              <Button size="sm" variant="ghost" aria-label={namespaceTexts.actionsOf(name)}>
                <Ellipsis aria-hidden size={14} />
              </Button>
            }
            groups={[
              [
                {
                  name: namespaceTexts.export,
                  onSelect: () => window.location.assign(`/api/v1/namespaces/${encodeURIComponent(name)}/export`),
                },
              ],
              name === here ? [] : [{ name: namespaceTexts.delete, danger: true, onSelect: () => setDeleting(name) }],
            ]}
          />
        </span>
      ),
    },
  ];
  return (
    <ScrollArea label={words.label} className="flex flex-col">
      <Bar>
        <Button size="sm" variant="solid" onClick={() => setCreating(true)}>
          <Plus aria-hidden size={13} />
          {words.create}
        </Button>
      </Bar>
      <List label={words.label} query={useNamespaces()} columns={columns} keyOf={({ name }) => name} />
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
      {deleting && <DeleteDialog name={deleting} onClose={() => setDeleting(null)} />}
    </ScrollArea>
  );
}

function OpenButton({ name, organisation }: { name: string; organisation: string }) {
  return (
    <Button
      size="sm"
      variant="ghost"
      aria-label={words.openOf(name)}
      onClick={() =>
        chooseNamespace(`${organisation}/${name}`).then(
          () => window.location.assign("/"),
          (error: Error) => toast.failed(texts.errors.sentence(error)),
        )
      }
    >
      {words.open}
    </Button>
  );
}

function DeleteDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const remove = useDeleteNamespace();
  const [typed, setTyped] = useState("");
  const finish = () => {
    toast.done(namespaceTexts.deleted);
    onClose();
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={namespaceTexts.deleteTitle(name)}
      description={namespaceTexts.deleteHint}
      submit={namespaceTexts.delete}
      danger
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() => typed === name && remove.mutate(name, { onSuccess: finish })}
    >
      <Field label={namespaceTexts.confirm(name)}>
        {(field) => (
          <Input
            {...field}
            required
            // The browser sends no form before it is the very name.
            ref={(input) => input?.setCustomValidity(typed === name ? "" : namespaceTexts.confirm(name))}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            autoComplete="off"
            className="font-mono"
          />
        )}
      </Field>
    </FormDialog>
  );
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateNamespace();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.createTitle}
      description={words.createHint}
      submit={words.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={(data) => create.mutate(String(data.get("name")).trim(), { onSuccess: onClose })}
    >
      <Field label={words.name} hint={words.nameHint}>
        {(field) => <Input {...field} name="name" required maxLength={63} autoComplete="off" className="font-mono" />}
      </Field>
    </FormDialog>
  );
}
