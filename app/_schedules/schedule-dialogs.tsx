"use client";
/** Pausing, making up for the past and deleting a schedule, each after saying what it does. */
import { useBackfillSchedule, useDeleteSchedule, usePauseSchedule } from "@/lib/client/schedules";
import { texts } from "@/lib/client/texts";
import { scheduleTexts as words } from "@/lib/client/texts/schedules";
import type { Schedule } from "@/lib/contract/schedules";
import { Field, Input } from "../_ui/field";
import { FormDialog } from "../_ui/form-dialog";
import { toast } from "../_ui/toast";

interface DialogProps {
  schedule: Schedule;
  onClose: () => void;
}

export function PauseDialog({ schedule: { id, name }, onClose }: DialogProps) {
  const said = words.pauseDialog;
  const pause = usePauseSchedule(id);
  const finish = () => {
    toast.done(said.done);
    onClose();
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={said.title(name)}
      description={said.description}
      submit={words.pause}
      busy={pause.isPending}
      error={pause.error}
      onSubmit={(data) =>
        pause.mutate({ paused: true, pauseReason: String(data.get("reason")).trim() || null }, { onSuccess: finish })
      }
    >
      <Field label={said.reason} optional={texts.common.optional}>
        {(field) => <Input {...field} name="reason" maxLength={2000} autoComplete="off" />}
      </Field>
    </FormDialog>
  );
}

export function BackfillDialog({ schedule: { id, name }, onClose }: DialogProps) {
  const said = words.backfillDialog;
  const backfill = useBackfillSchedule(id);
  const instant = (data: FormData, end: string) => new Date(String(data.get(end))).toISOString();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={said.title(name)}
      description={said.description}
      submit={said.submit}
      busy={backfill.isPending}
      error={backfill.error}
      onSubmit={(data) =>
        backfill.mutate(
          { from: instant(data, "from"), to: instant(data, "to") },
          {
            onSuccess: ({ times }) => {
              toast.done(said.done(times.length));
              onClose();
            },
          },
        )
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={said.from} hint={said.hint}>
          {(field) => <Input {...field} name="from" type="datetime-local" required />}
        </Field>
        <Field label={said.to}>{(field) => <Input {...field} name="to" type="datetime-local" required />}</Field>
      </div>
    </FormDialog>
  );
}

export function DeleteDialog({ schedule: { id, name }, onClose, onDone }: DialogProps & { onDone: () => void }) {
  const said = words.deleteDialog;
  const remove = useDeleteSchedule(id);
  const finish = () => {
    toast.done(said.done);
    onClose();
    onDone();
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={said.title(name)}
      description={said.description}
      submit={said.submit}
      danger
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(undefined, { onSuccess: finish })}
    />
  );
}
