"use client";
/** What a namespace may use, and how long it keeps what is over; all of it is saved at once. */
import type { FormEvent } from "react";
import { useNamespaceSettings, useSetNamespaceSettings } from "@/lib/client/alerts";
import { texts } from "@/lib/client/texts";
import { limitsTexts as words } from "@/lib/client/texts/limits";
import type { ClosedStatus, NamespaceLimits, NamespaceSettings } from "@/lib/contract/namespace-settings";
import { Button } from "../_ui/button";
import { Failure } from "../_ui/failure";
import { Field, Input } from "../_ui/field";
import { ScrollArea } from "../_ui/scroll-area";
import { Skeleton } from "../_ui/skeleton";
import { toast } from "../_ui/toast";

const LIMITS = Object.keys(words.limits) as (keyof NamespaceLimits)[];
const STATUSES = Object.keys(words.retention) as ClosedStatus[];

export function LimitsRoom({ namespace }: { namespace: string }) {
  const settings = useNamespaceSettings(namespace);
  return (
    <ScrollArea label={words.label} className="px-4 py-6 md:px-6">
      {settings.isError && !settings.data ? (
        <Failure error={settings.error} onRetry={() => settings.refetch()} />
      ) : settings.data ? (
        <Form namespace={namespace} settings={settings.data} />
      ) : (
        <Skeleton className="h-96 w-full max-w-[640px]" />
      )}
    </ScrollArea>
  );
}

function Form({ namespace, settings }: { namespace: string; settings: NamespaceSettings }) {
  const save = useSetNamespaceSettings(namespace);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    save.mutate(settingsIn(new FormData(event.currentTarget)), { onSuccess: () => toast.done(words.saved) });
  }
  return (
    <form onSubmit={submit} className="flex max-w-[640px] flex-col gap-8">
      <p className="text-xs text-ink-3">{words.hint(namespace)}</p>
      <fieldset className="flex flex-col gap-4">
        <legend className="mb-1 text-sm font-semibold">{words.limitsTitle}</legend>
        <p className="text-xs text-ink-2">{words.limitsHint}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          {LIMITS.map((name) => (
            <Field key={name} label={words.limits[name].label} hint={words.limits[name].hint}>
              {(field) => (
                <Input
                  {...field}
                  name={name}
                  type="number"
                  min={0}
                  step={1}
                  defaultValue={settings.limits[name] ?? ""}
                />
              )}
            </Field>
          ))}
        </div>
      </fieldset>
      <fieldset className="flex flex-col gap-4">
        <legend className="mb-1 text-sm font-semibold">{words.retentionTitle}</legend>
        <p className="text-xs text-ink-2">{words.retentionHint}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          {STATUSES.map((status) => (
            <Field key={status} label={words.retention[status]}>
              {(field) => (
                <Input {...field} name={status} defaultValue={settings.retention[status] ?? ""} autoComplete="off" />
              )}
            </Field>
          ))}
        </div>
        <p className="text-xs text-warning">{words.removes}</p>
      </fieldset>
      {save.error && (
        <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
          {texts.errors.sentence(save.error)}
        </p>
      )}
      <Button type="submit" variant="solid" busy={save.isPending} className="self-start">
        {words.save}
      </Button>
    </form>
  );
}

function settingsIn(data: FormData): NamespaceSettings {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const limits = LIMITS.map((name) => [name, text(name) === "" ? null : Number(text(name))]);
  const retention = STATUSES.map((status) => [status, text(status) === "" ? null : text(status)]);
  return { limits: Object.fromEntries(limits), retention: Object.fromEntries(retention) };
}
