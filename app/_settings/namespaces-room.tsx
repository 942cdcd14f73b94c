"use client";
/** The namespaces of the organisation, and a new one. */
import { Plus } from "lucide-react";
import { useState } from "react";
import { chooseNamespace, useCreateNamespace, useNamespaces } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import type { Namespace } from "@/lib/contract/namespaces";
import type { Column } from "../_rooms/simple-table";
import { Button } from "../_ui/button";
import { Field, Input } from "../_ui/field";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import { toast } from "../_ui/toast";
import { FormDialog } from "./form-dialog";
import { Bar, List } from "./list";

const words = texts.settings.namespaces;

export function NamespacesRoom({ here, organisation }: { here: string; organisation: string }) {
  const [creating, setCreating] = useState(false);
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
      cell: ({ name }) =>
        name === here ? (
          <span className="text-xs text-ink-3">{words.here}</span>
        ) : (
          <Button
            size="sm"
            variant="ghost"
            aria-label={words.openOf(name)}
            onClick={() =>
              chooseNamespace(`${organisation}/${name}`).then(
                () => window.location.assign("/executions"),
                (error: Error) => toast.failed(texts.errors.sentence(error)),
              )
            }
          >
            {words.open}
          </Button>
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
    </ScrollArea>
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
