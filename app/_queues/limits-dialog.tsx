"use client";
/** How many tasks a queue gives out in how long: all of it, and of each concurrency key. */
import { queueTexts as words } from "@/lib/client/texts/workers";
import { useSetQueueLimits } from "@/lib/client/workers";
import type { QueueLimits } from "@/lib/contract/queues";
import { Field, Input } from "../_ui/field";
import { FormDialog } from "../_ui/form-dialog";
import { toast } from "../_ui/toast";

type Rate = QueueLimits["rate"];

export function LimitsDialog({ queue, limits, onClose }: { queue: string; limits: QueueLimits; onClose: () => void }) {
  const save = useSetQueueLimits(queue);
  const finish = () => {
    toast.done(words.saved);
    onClose();
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.limitsTitle(queue)}
      description={words.limitsHint}
      submit={words.save}
      busy={save.isPending}
      error={save.error}
      onSubmit={(data) =>
        save.mutate(
          { paused: limits.paused, rate: rateIn(data, "rate"), keyRate: rateIn(data, "keyRate") },
          { onSuccess: finish },
        )
      }
    >
      <RateFields name="rate" title={words.ratePart} rate={limits.rate} />
      <RateFields name="keyRate" title={words.keyRatePart} rate={limits.keyRate} />
    </FormDialog>
  );
}

function RateFields({ name, title, rate }: { name: string; title: string; rate: Rate }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-xs font-medium">{title}</legend>
      <div className="grid grid-cols-2 gap-3">
        <Field label={words.tasks}>
          {(field) => (
            <Input {...field} name={`${name}.limit`} type="number" min={1} max={1_000_000} defaultValue={rate?.limit} />
          )}
        </Field>
        <Field label={words.inSeconds}>
          {(field) => (
            <Input
              {...field}
              name={`${name}.seconds`}
              type="number"
              min={0.1}
              max={86_400}
              step={0.1}
              defaultValue={rate === null ? 1 : rate.perMs / 1000}
            />
          )}
        </Field>
      </div>
    </fieldset>
  );
}

function rateIn(data: FormData, name: string): Rate {
  const limit = Number(data.get(`${name}.limit`));
  const seconds = Number(data.get(`${name}.seconds`));
  return limit > 0 && seconds > 0 ? { limit, perMs: Math.round(seconds * 1000) } : null;
}
