"use client";
/** What is done to a key: made, rotated, revoked; each says before what will come of it. */
import { useCreateApiKey, useRevokeApiKey, useRotateApiKey } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import { peopleTexts } from "@/lib/client/texts/people";
import type { ApiKey, ApiKeyMade } from "@/lib/contract/api-keys";
import { SCOPES, type Scope } from "@/lib/contract/permissions";
import { Field, Input } from "../_ui/field";
import { FormDialog } from "../_ui/form-dialog";

const words = peopleTexts.settings.keys;
const OVERLAP_MS = 3_600_000;

export function CreateKeyDialog({
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
            <span className="min-w-0 truncate text-xs text-ink-3">{peopleTexts.scopes[scope]}</span>
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

export function RotateKeyDialog({
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

export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
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
