"use client";
/** What is done to an alert: made, its secret rotated, deleted, its deliveries looked at. */
import { useState } from "react";
import { useCreateAlert, useDeleteAlert, useDeliveries, useRotateAlertSecret } from "@/lib/client/alerts";
import { alertTexts as words } from "@/lib/client/texts/limits";
import type { Alert, AlertDelivery, AlertEvent, AlertKind } from "@/lib/contract/alerts";
import { Checkbox } from "../_ui/checkbox";
import { Dialog } from "../_ui/dialog";
import { Failure } from "../_ui/failure";
import { Field, Input, inputClass } from "../_ui/field";
import { FormDialog } from "../_ui/form-dialog";
import { Skeleton } from "../_ui/skeleton";
import { StatusIcon } from "../_ui/status";
import { RelativeTime } from "../_ui/time";
import { ShownOnce } from "./shown-once";

const EVENTS = Object.keys(words.events) as AlertEvent[];
const KINDS = Object.keys(words.kinds) as AlertKind[];
const FIRST_EVENTS = EVENTS.filter((event) => event !== "dead_letter.created");

export function CreateAlertDialog({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (secret: string | null) => void;
}) {
  const create = useCreateAlert();
  const [kind, setKind] = useState<AlertKind>("webhook");
  const [events, setEvents] = useState<AlertEvent[]>(FIRST_EVENTS);
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.form.title}
      submit={words.form.submit}
      busy={create.isPending}
      error={create.error}
      onSubmit={(data) =>
        create.mutate(
          { name: String(data.get("name")), kind, target: String(data.get("target")).trim(), events },
          { onSuccess: ({ secret }) => onMade(secret) },
        )
      }
    >
      <Field label={words.form.name}>
        {(field) => <Input {...field} name="name" required maxLength={100} autoComplete="off" />}
      </Field>
      <Field label={words.form.kind}>
        {(field) => (
          <select
            {...field}
            value={kind}
            onChange={({ target }) => setKind(target.value as AlertKind)}
            className={inputClass}
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {words.kinds[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.form.target[kind]} hint={words.form.targetHint[kind]}>
        {(field) => (
          <Input {...field} name="target" type={kind === "email" ? "email" : "url"} required maxLength={2000} />
        )}
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-xs font-medium">{words.form.events}</legend>
        {EVENTS.map((event) => (
          <span key={event} className="flex items-center gap-2">
            <Checkbox
              id={event}
              checked={events.includes(event)}
              onChange={(isTold) =>
                setEvents(EVENTS.filter((each) => (each === event ? isTold : events.includes(each))))
              }
            />
            <label htmlFor={event}>{words.events[event]}</label>
          </span>
        ))}
      </fieldset>
    </FormDialog>
  );
}

export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title={words.secretTitle} description={words.secretHint}>
      <div className="px-5 py-4">
        <ShownOnce value={secret} label={words.secret} />
      </div>
    </Dialog>
  );
}

interface OfAlert {
  alert: Alert;
  onClose: () => void;
}

export function RotateSecretDialog({ alert, onClose, onMade }: OfAlert & { onMade: (secret: string) => void }) {
  const rotate = useRotateAlertSecret();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.rotateTitle(alert.name)}
      description={words.rotateHint}
      submit={words.rotate}
      busy={rotate.isPending}
      error={rotate.error}
      onSubmit={() => rotate.mutate(alert.id, { onSuccess: ({ secret }) => onMade(secret) })}
    />
  );
}

export function DeleteAlertDialog({ alert, onClose }: OfAlert) {
  const remove = useDeleteAlert();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.deleteTitle(alert.name)}
      description={words.deleteHint}
      submit={words.delete}
      danger
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(alert.id, { onSuccess: onClose })}
    />
  );
}

export function DeliveriesDialog({ alert, onClose }: OfAlert) {
  const deliveries = useDeliveries(alert.id);
  return (
    <Dialog open onOpenChange={onClose} title={words.deliveriesTitle(alert.name)} wide>
      <div className="min-h-40 overflow-y-auto px-5 py-4">
        {deliveries.isError && !deliveries.data ? (
          <Failure error={deliveries.error} onRetry={() => deliveries.refetch()} />
        ) : !deliveries.data ? (
          <Skeleton className="h-24 w-full" />
        ) : deliveries.data.items.length === 0 ? (
          <p className="text-sm text-ink-2">{words.noDeliveries}</p>
        ) : (
          <ul className="flex flex-col divide-y divide-line">
            {deliveries.data.items.map((delivery) => (
              <Delivery key={delivery.id} delivery={delivery} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

const LOOKS = { waiting: "waiting", delivered: "completed", failed: "failed" } as const;

function Delivery({ delivery: { event, status, attempts, createdAt, lastError } }: { delivery: AlertDelivery }) {
  return (
    <li data-status={LOOKS[status]} className="flex flex-col gap-0.5 py-2 text-xs">
      <span className="flex items-center gap-2">
        <StatusIcon status={LOOKS[status]} />
        <span className="text-tone">{words.deliveries[status]}</span>
        <span className="min-w-0 flex-1 truncate text-ink-2">{words.events[event as AlertEvent] ?? event}</span>
        <RelativeTime at={createdAt} className="text-ink-3" />
      </span>
      <span className="pl-[22px] text-2xs break-words text-ink-3">
        {words.attempts(attempts)}
        {lastError && `: ${lastError}`}
      </span>
    </li>
  );
}
