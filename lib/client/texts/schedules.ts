/** The texts of the schedules' room. */
import type { Overlap } from "@/lib/contract/schedules";
import { count, number } from "../format";

const overlap: Record<Overlap, string> = {
  skip: "Skip the new run",
  queue: "Queue the new run",
  cancel_previous: "Cancel the earlier run",
  allow: "Let both run",
};

export const scheduleTexts = {
  title: "Schedules",
  tableLabel: "Schedules",
  viewLabel: "How schedules are shown",
  views: { list: "List", calendar: "Calendar" },
  details: "Schedule",
  create: "New schedule",
  columns: { name: "Schedule", workflow: "Workflow", when: "When", next: "Next", last: "Last", state: "State" },
  states: { active: "Active", paused: "Paused", failing: "Last run failed to start" },
  end: (n: number) => count(n, "schedule"),
  noneTitle: "No schedules",
  noneHint:
    "A schedule starts executions of a workflow by a cron expression in a time zone. Runs missed in an outage are made up for, changes of the clock are taken care of.",
  gone: "This schedule is not here",
  wordsFor: { timezone: (name: string) => `in ${name}` },

  workflow: "Workflow",
  version: "Version",
  latest: "The latest at each start",
  expression: "Expression",
  overlap: "If the earlier run is open",
  overlaps: overlap,
  catchUp: "Made up for if missed within",
  input: "Input",
  createdBy: "Created by",
  counts: "Since it was made",
  countsOf: (skipped: number, missed: number, waiting: number) =>
    `${number(skipped)} skipped, ${number(missed)} missed, ${number(waiting)} waiting`,
  pausedBecause: (reason: string | null) => (reason === null ? "Paused." : `Paused: ${reason}`),
  lastError: (code: string, message: string) => `The last run could not be started. ${code}: ${message}`,
  nextRuns: "Next runs",
  wouldRun: "Would run, were it not paused",
  recent: "Started by it",
  noneStarted: "It has started nothing yet.",
  allStarted: "All executions of this schedule",
  overlapping: (took: string, every: string, policy: Overlap) =>
    `Runs take about ${took} and come every ${every}, so that they meet. ${
      {
        skip: "A run that comes while an earlier one is open is skipped.",
        queue: "A run that comes while an earlier one is open waits for it.",
        cancel_previous: "A run that comes cancels the one that is open.",
        allow: "They run side by side.",
      }[policy]
    }`,

  actions: "Actions",
  trigger: "Run now",
  triggered: "Started.",
  pause: "Pause",
  resume: "Resume",
  edit: "Edit",
  backfill: "Backfill",
  delete: "Delete",

  pauseDialog: {
    title: (name: string) => `Pause ${name}`,
    description: "Nothing starts until it is resumed. What would have run meanwhile is not made up for.",
    reason: "Reason",
    done: "Paused.",
  },
  resumed: "It runs again.",
  deleteDialog: {
    title: (name: string) => `Delete ${name}`,
    description: "It starts nothing more, and its runs that wait are dropped. Executions that it has started go on.",
    submit: "Delete schedule",
    done: "Deleted.",
  },
  backfillDialog: {
    title: (name: string) => `Backfill ${name}`,
    description:
      "Starts the runs of a time in the past, one after the other as the overlap policy says. A run that was started before is not started again. At most 1,000 at once.",
    from: "From",
    to: "To",
    hint: "Your local time, both ends included.",
    submit: "Backfill",
    done: (n: number) => (n === 0 ? "No run lies in that time." : `${count(n, "run")} will be started.`),
  },
  form: {
    newTitle: "New schedule",
    editTitle: (name: string) => `Edit ${name}`,
    name: "Name",
    nameHint: "Executions that it starts are tagged schedule:<name>.",
    cron: "Cron expression",
    cronHint: "Minute, hour, day of month, month, day of week; six fields begin with seconds.",
    presets: "Common times",
    timezone: "Time zone",
    catchUp: "Make up for missed runs within",
    catchUpHint: "A duration such as 15m or 1d.",
    input: "Input",
    paused: "Paused for now",
    next: (times: string) => `Next: ${times}`,
    create: "Create schedule",
    save: "Save",
    created: "It is scheduled.",
    saved: "Saved.",
  },
  presets: [
    { cron: "*/5 * * * *", name: "Every 5 minutes" },
    { cron: "0 * * * *", name: "Every hour" },
    { cron: "0 9 * * *", name: "Every day at 09:00" },
    { cron: "0 9 * * 1-5", name: "Weekdays at 09:00" },
    { cron: "0 8 * * 1", name: "Mondays at 08:00" },
    { cron: "0 0 1 * *", name: "First of the month" },
  ],

  calendar: {
    label: "What will run",
    earlier: "Earlier",
    later: "Later",
    today: "Today",
    times: (n: number, name: string) => `${number(n)} × ${name}`,
    goesOn: (name: string) => `${name} goes on`,
    goesOnHint: "It runs so often that only its first runs are listed.",
    nothing: "Nothing runs",
    more: (n: number) => `+${n} more`,
    clockChanges: (zone: string, by: string) => `The clock changes in ${zone} (${by})`,
    paused: "Paused schedules are left out.",
  },
};
