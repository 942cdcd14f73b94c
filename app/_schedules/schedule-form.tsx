"use client";
/** Makes a schedule or changes one: which workflow, when, with what input; says in words and times what the expression means. */
import { useDeferredValue, useState } from "react";
import { ApiError } from "@/lib/client/api";
import { shortTime } from "@/lib/client/format";
import { useWorkflow, useWorkflows } from "@/lib/client/queries";
import { useDraftTimes, useSaveSchedule } from "@/lib/client/schedules";
import { texts } from "@/lib/client/texts";
import { scheduleTexts } from "@/lib/client/texts/schedules";
import type { JsonValue } from "@/lib/contract/json";
import type { Overlap, Schedule } from "@/lib/contract/schedules";
import { Checkbox } from "../_ui/checkbox";
import { Field, Input, inputClass } from "../_ui/field";
import { FormDialog } from "../_ui/form-dialog";
import { JsonField } from "../_ui/schema-form";
import { toast } from "../_ui/toast";
import { cronWords } from "./cron-words";

const words = scheduleTexts.form;
const OVERLAPS = Object.entries(scheduleTexts.overlaps) as [Overlap, string][];
const ZONES = Intl.supportedValuesOf("timeZone");
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param schedule null: a new one */
export function ScheduleForm({ schedule, onClose }: { schedule: Schedule | null; onClose: () => void }) {
  const save = useSaveSchedule(schedule?.id ?? null);
  const workflows = useWorkflows();
  const [workflow, setWorkflow] = useState(schedule?.workflow ?? "");
  const [cron, setCron] = useState(schedule?.cron ?? "0 9 * * 1-5");
  const [timezone, setTimezone] = useState(schedule?.timezone ?? HERE);
  const [input, setInput] = useState<JsonValue | undefined>(schedule?.input ?? undefined);
  const [paused, setPaused] = useState(schedule?.paused ?? false);
  const versions = useWorkflow(workflow || null).data?.versions ?? [];

  function submit(data: FormData) {
    const text = (name: string) => String(data.get(name)).trim();
    const version = text("version");
    save.mutate(
      {
        name: text("name"),
        workflow,
        version: version === "" ? null : Number(version),
        cron: cron.trim(),
        timezone: timezone.trim(),
        overlap: text("overlap") as Overlap,
        catchUpWindow: text("catchUpWindow"),
        input: input ?? null,
        paused,
      },
      {
        onSuccess: () => {
          toast.done(schedule === null ? words.created : words.saved);
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog
      open
      onClose={onClose}
      title={schedule === null ? words.newTitle : words.editTitle(schedule.name)}
      submit={schedule === null ? words.create : words.save}
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
    >
      <Field label={words.name} hint={words.nameHint}>
        {(field) => (
          <Input {...field} name="name" required maxLength={100} autoComplete="off" defaultValue={schedule?.name} />
        )}
      </Field>
      <div className="grid grid-cols-[1fr_120px] gap-3">
        <Field label={scheduleTexts.workflow}>
          {(field) => (
            <select
              {...field}
              required
              value={workflow}
              onChange={({ target }) => setWorkflow(target.value)}
              className={inputClass}
            >
              <option value="">{texts.start.chooseWorkflow}</option>
              {workflows.data?.items.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={scheduleTexts.version}>
          {(field) => (
            <select {...field} name="version" defaultValue={schedule?.version ?? ""} className={inputClass}>
              <option value="">{scheduleTexts.latest}</option>
              {versions.map(({ version }) => (
                <option key={version} value={version}>
                  v{version}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <CronField cron={cron} timezone={timezone} onChange={setCron} />
      <Field label={words.timezone}>
        {(field) => (
          <>
            <Input
              {...field}
              list={`${field.id}-zones`}
              required
              value={timezone}
              onChange={({ target }) => setTimezone(target.value)}
            />
            <datalist id={`${field.id}-zones`}>
              {ZONES.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={scheduleTexts.overlap}>
          {(field) => (
            <select {...field} name="overlap" defaultValue={schedule?.overlap ?? "skip"} className={inputClass}>
              {OVERLAPS.map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.catchUp} hint={words.catchUpHint}>
          {(field) => (
            <Input {...field} name="catchUpWindow" required defaultValue={String(schedule?.catchUpWindow ?? "1d")} />
          )}
        </Field>
      </div>
      <JsonField label={words.input} value={input} onChange={setInput} optional={texts.common.optional} rows={4} />
      <div className="flex items-center gap-2">
        <Checkbox id="schedule-paused" checked={paused} onChange={setPaused} />
        <label htmlFor="schedule-paused">{words.paused}</label>
      </div>
    </FormDialog>
  );
}

function CronField({ cron, timezone, onChange }: { cron: string; timezone: string; onChange: (cron: string) => void }) {
  const asked = useDeferredValue(cron);
  const times = useDraftTimes(asked, timezone);
  const problem = times.error instanceof ApiError ? times.error.errors?.[0]?.message : undefined;
  return (
    <div className="flex flex-col gap-2">
      <Field
        label={words.cron}
        hint={
          <>
            {cronWords(cron)}. {times.data && words.next(times.data.times.map(shortTime).join(", "))}
          </>
        }
        error={problem ?? null}
      >
        {(field) => (
          <Input
            {...field}
            required
            maxLength={200}
            value={cron}
            onChange={({ target }) => onChange(target.value)}
            className="font-mono"
          />
        )}
      </Field>
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">{words.presets}</legend>
        {scheduleTexts.presets.map((preset) => (
          <button
            key={preset.cron}
            type="button"
            aria-pressed={preset.cron === cron}
            onClick={() => onChange(preset.cron)}
            className="h-6 rounded-md border px-2 text-2xs text-ink-2 hover:bg-hover hover:text-ink aria-pressed:border-line-strong aria-pressed:bg-active aria-pressed:text-ink"
          >
            {preset.name}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
