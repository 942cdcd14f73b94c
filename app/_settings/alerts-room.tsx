"use client";
/** Whom the namespace tells of failures: made, tried out, turned off, and what became of telling them. */
import { BellRing, Ellipsis, Plus } from "lucide-react";
import { useState } from "react";
import { useAlerts, useTestAlert, useUpdateAlert } from "@/lib/client/alerts";
import { texts } from "@/lib/client/texts";
import { alertTexts as words } from "@/lib/client/texts/limits";
import type { Alert, AlertEvent } from "@/lib/contract/alerts";
import type { Column } from "../_rooms/simple-table";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { Menu } from "../_ui/menu";
import { ScrollArea } from "../_ui/scroll-area";
import { toast } from "../_ui/toast";
import {
  CreateAlertDialog,
  DeleteAlertDialog,
  DeliveriesDialog,
  RotateSecretDialog,
  SecretDialog,
} from "./alert-dialogs";
import { Bar, List } from "./list";

type Open =
  | { dialog: "create" }
  | { dialog: "secret"; secret: string }
  | { dialog: "rotate" | "delete" | "deliveries"; alert: Alert };

export function AlertsRoom() {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const showSecret = (secret: string | null) => setOpen(secret === null ? null : { dialog: "secret", secret });
  return (
    <ScrollArea label={words.label} className="flex flex-col">
      <Bar>
        <Button size="sm" variant="solid" onClick={() => setOpen({ dialog: "create" })}>
          <Plus aria-hidden size={13} />
          {words.create}
        </Button>
      </Bar>
      <List
        label={words.label}
        query={useAlerts()}
        columns={columnsWith(setOpen)}
        keyOf={({ id }) => id}
        empty={
          <Empty icon={BellRing} title={words.noneTitle}>
            <p>{words.noneHint}</p>
          </Empty>
        }
      />
      {open?.dialog === "create" && <CreateAlertDialog onClose={close} onMade={showSecret} />}
      {open?.dialog === "secret" && <SecretDialog secret={open.secret} onClose={close} />}
      {open?.dialog === "rotate" && <RotateSecretDialog alert={open.alert} onClose={close} onMade={showSecret} />}
      {open?.dialog === "delete" && <DeleteAlertDialog alert={open.alert} onClose={close} />}
      {open?.dialog === "deliveries" && <DeliveriesDialog alert={open.alert} onClose={close} />}
    </ScrollArea>
  );
}

function columnsWith(onOpen: (open: Open) => void): Column<Alert>[] {
  return [
    { name: words.columns.name, cell: ({ name }) => <span className="font-medium">{name}</span> },
    { name: words.columns.kind, extra: true, cell: ({ kind }) => words.kinds[kind] },
    {
      name: words.columns.target,
      cell: ({ target }) => (
        <span title={target} className="block max-w-56 truncate font-mono text-xs text-ink-2">
          {target}
        </span>
      ),
    },
    {
      name: words.columns.events,
      extra: true,
      cell: ({ events }) => (
        <span className="line-clamp-2 text-xs text-ink-2">
          {events.map((event) => words.events[event as AlertEvent] ?? event).join(", ")}
        </span>
      ),
    },
    {
      name: words.columns.state,
      cell: ({ enabled }) => (
        <span data-status={enabled ? "completed" : "skipped"} className="text-tone">
          {enabled ? words.on : words.off}
        </span>
      ),
    },
    {
      name: words.columns.actions,
      isNameHidden: true,
      numeric: true,
      cell: (alert) => <AlertMenu alert={alert} onOpen={onOpen} />,
    },
  ];
}

function AlertMenu({ alert, onOpen }: { alert: Alert; onOpen: (open: Open) => void }) {
  const { id, name, kind, enabled } = alert;
  const update = useUpdateAlert();
  const test = useTestAlert();
  const failed = (error: Error) => toast.failed(texts.errors.sentence(error));
  const sendTest = () =>
    test.mutate(id, {
      onSuccess: ({ delivered, error }) =>
        delivered ? toast.done(words.tested) : toast.failed(words.notDelivered(error ?? "")),
      onError: failed,
    });
  return (
    <Menu
      trigger={
        <Button size="sm" variant="ghost" busy={test.isPending} aria-label={words.actionsOf(name)}>
          <Ellipsis aria-hidden size={14} />
        </Button>
      }
      groups={[
        [
          { name: words.test, onSelect: sendTest },
          { name: words.showDeliveries, onSelect: () => onOpen({ dialog: "deliveries", alert }) },
        ],
        [
          {
            name: enabled ? words.turnOff : words.turnOn,
            onSelect: () => update.mutate({ id, enabled: !enabled }, { onError: failed }),
          },
          ...(kind === "webhook" ? [{ name: words.rotate, onSelect: () => onOpen({ dialog: "rotate", alert }) }] : []),
        ],
        [{ name: words.delete, danger: true, onSelect: () => onOpen({ dialog: "delete", alert }) }],
      ]}
    />
  );
}
