"use client";
/** The keys of this namespace: what each may do, when it was used, and how it ends. */
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useNow } from "@/lib/client/clock";
import { useApiKeys, useCreateApiKey, useRevokeApiKey, useRotateApiKey } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import type { ApiKey, ApiKeyMade } from "@/lib/contract/api-keys";
import { SCOPES, type Scope } from "@/lib/contract/permissions";
import type { Column } from "../_rooms/simple-table";
import { Button } from "../_ui/button";
import { Dialog } from "../_ui/dialog";
import { Empty } from "../_ui/empty";
import { Field, Input } from "../_ui/field";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import { FormDialog } from "./form-dialog";
import { Bar, List } from "./list";
import { ShownOnce } from "./shown-once";

const words = texts.settings.keys;
const OVERLAP_MS = 3_600_000;

type Asked = { what: "create" } | { what: "rotate" | "revoke"; key: ApiKey } | { what: "made"; made: ApiKeyMade };

export function KeysRoom({ namespace }: { namespace: string }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const shown = (made: ApiKeyMade) => setAsked({ what: "made", made });
  const columns: Column<ApiKey>[] = [
    { name: words.columns.key, cell: (key) => <Key apiKey={key} /> },
    { name: words.columns.scopes, extra: true, cell: (key) => <Rights {...key} /> },
    {
      name: words.columns.used,
      extra: true,
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="text-ink-3">{words.never}</span>
        ) : (
          <RelativeTime at={lastUsedAt} className="text-ink-2" />
        ),
    },
    { name: words.columns.expires, extra: true, cell: (key) => <End {...key} /> },
    {
      name: words.columns.actions,
      isNameHidden: true,
      numeric: true,
      cell: (key) =>
        key.revokedAt === null && (
          <span className="inline-flex gap-1">
            <Button
              size="sm"
              variant="ghost"
              aria-label={words.rotateOf(key.name)}
              onClick={() => setAsked({ what: "rotate", key })}
            >
              {words.rotate}
            </Button>
            <Button
              size="sm"
              variant="ghost"
              aria-label={words.revokeOf(key.name)}
              onClick={() => setAsked({ what: "revoke", key })}
            >
              {words.revoke}
            </Button>
          </span>
        ),
    },
  ];
  return (
    <ScrollArea label={words.label} className="flex flex-col">
      <Bar>
        <Button size="sm" variant="solid" onClick={() => setAsked({ what: "create" })}>
          <Plus aria-hidden size={13} />
          {words.create}
        </Button>
      </Bar>
      <List
        label={words.label}
        query={useApiKeys()}
        columns={columns}
        keyOf={({ id }) => id}
        empty={
          <Empty icon={KeyRound} title={words.noneTitle}>
            <p>{words.noneHint}</p>
          </Empty>
        }
      />
      {asked?.what === "create" && <CreateDialog namespace={namespace} onClose={close} onMade={shown} />}
      {asked?.what === "rotate" && <RotateDialog apiKey={asked.key} onClose={close} onMade={shown} />}
      {asked?.what === "revoke" && <RevokeDialog apiKey={asked.key} onClose={close} />}
      {asked?.what === "made" && (
        <Dialog open onOpenChange={close} title={words.madeTitle} description={words.made} wide>
          <div className="px-5 py-4">
            <ShownOnce value={asked.made.secret} label={texts.common.copyKey} />
          </div>
          <div className="flex justify-end border-t px-5 py-3">
            <Button variant="solid" onClick={close}>
              {words.done}
            </Button>
          </div>
        </Dialog>
      )}
    </ScrollArea>
  );
}

function Key({ apiKey: { name, prefix } }: { apiKey: ApiKey }) {
  return (
    <span className="flex min-w-0 flex-col py-1">
      <span className="font-medium break-all">{name}</span>
      <span className="font-mono text-2xs text-ink-3">{prefix}…</span>
    </span>
  );
}

function Rights({ scopes, queues, workflows }: ApiKey) {
  const limits = [...(queues ?? []), ...(workflows ?? [])];
  return (
    <span className="flex flex-wrap items-center gap-1">
      {scopes.map((scope) => (
        <span
          key={scope}
          title={texts.scopes[scope as Scope]}
          className="h-5 rounded-sm bg-active px-1.5 text-2xs leading-5 text-ink-2"
        >
          {scope}
        </span>
      ))}
      {limits.length > 0 && (
        <span title={limits.join(", ")} className="max-w-48 truncate font-mono text-2xs text-ink-3">
          {words.limits(limits.join(", "))}
        </span>
      )}
    </span>
  );
}

function End({ expiresAt, revokedAt }: ApiKey) {
  const now = useNow(60_000);
  if (revokedAt !== null) return <span className="text-danger">{words.revoked}</span>;
  if (expiresAt === null) return <span className="text-ink-3">{words.noEnd}</span>;
  if (Date.parse(expiresAt) <= now) return <span className="text-danger">{words.expired}</span>;
  return <RelativeTime at={expiresAt} className="text-ink-2" />;
}

function CreateDialog({
  namespace,
  onClose,
  onMade,
}: {
  namespace: string;
  onClose: () => void;
  onMade: (made: ApiKeyMade) => void;
}) {
  const create = useCreateApiKey();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.createTitle}
      description={words.createHint(namespace)}
      submit={words.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={(data) => {
        const day = String(data.get("expires"));
        create.mutate(
          {
            name: String(data.get("name")),
            scopes: data.getAll("scopes").map(String) as Scope[],
            ...(day !== "" && { expiresAt: new Date(`${day}T23:59:59`).toISOString() }),
            ...(namesIn(data.get("queues")) && { queues: namesIn(data.get("queues")) }),
            ...(namesIn(data.get("workflows")) && { workflows: namesIn(data.get("workflows")) }),
          },
          { onSuccess: onMade },
        );
      }}
    >
      <Field label={words.name}>
        {(field) => <Input {...field} name="name" required maxLength={100} autoComplete="off" />}
      </Field>
      <fieldset>
        <legend className="mb-1.5 text-xs font-medium">{words.scopes}</legend>
        {SCOPES.map((scope) => (
          <label key={scope} className="flex h-7 items-center gap-2">
            <input type="checkbox" name="scopes" value={scope} defaultChecked={scope === "client"} />
            <span className="w-14 font-mono text-xs">{scope}</span>
            <span className="min-w-0 truncate text-xs text-ink-3">{texts.scopes[scope]}</span>
          </label>
        ))}
      </fieldset>
      <Field label={words.expires} hint={words.expiresHint} optional={texts.common.optional}>
        {(field) => <Input {...field} name="expires" type="date" />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.queues} hint={words.queuesHint} optional={texts.common.optional}>
          {(field) => <Input {...field} name="queues" autoComplete="off" />}
        </Field>
        <Field label={words.workflows} hint={words.queuesHint} optional={texts.common.optional}>
          {(field) => <Input {...field} name="workflows" autoComplete="off" />}
        </Field>
      </div>
    </FormDialog>
  );
}

/** Undefined where nothing was written. */
function namesIn(text: FormDataEntryValue | null): string[] | undefined {
  const names = String(text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return names.length > 0 ? names : undefined;
}

function RotateDialog({
  apiKey,
  onClose,
  onMade,
}: {
  apiKey: ApiKey;
  onClose: () => void;
  onMade: (made: ApiKeyMade) => void;
}) {
  const rotate = useRotateApiKey();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.rotateTitle(apiKey.name)}
      description={words.rotateHint}
      submit={words.rotate}
      busy={rotate.isPending}
      error={rotate.error}
      onSubmit={() => rotate.mutate({ id: apiKey.id, overlapMs: OVERLAP_MS }, { onSuccess: onMade })}
    />
  );
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeApiKey();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.revokeTitle(apiKey.name)}
      description={words.revokeHint}
      submit={words.revoke}
      danger
      busy={revoke.isPending}
      error={revoke.error}
      onSubmit={() => revoke.mutate(apiKey.id, { onSuccess: onClose })}
    />
  );
}
