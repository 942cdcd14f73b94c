/** The filters as people set them: each field stands for one or two parameters, and says in words what it is set to. Pure. */
import { ageMs, type ExecutionFilters, type FilterName, listed, TODAY } from "@/lib/client/execution-filters";
import { roundDuration, shortTime } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { ExecutionStatus } from "@/lib/contract/executions";

const words = executionsTexts.filters;

const PARAMETERS = {
  status: ["status"],
  workflow: ["workflow"],
  version: ["version"],
  tag: ["tag"],
  errorCode: ["errorCode"],
  started: ["startedAfter", "startedBefore"],
  closed: ["closedAfter", "closedBefore"],
  duration: ["minDurationMs", "maxDurationMs"],
  correlationId: ["correlationId"],
  fingerprint: ["fingerprint"],
  parent: ["parent"],
} as const satisfies Record<string, readonly FilterName[]>;

export type FieldName = keyof typeof PARAMETERS;
const FIELD_NAMES = Object.keys(PARAMETERS) as FieldName[];

/** Set by links from other rooms alone: nobody types a fingerprint. */
const BY_LINK: ReadonlySet<FieldName> = new Set(["fingerprint", "parent"]);
export function offeredFields({ workflow }: ExecutionFilters): FieldName[] {
  return FIELD_NAMES.filter((name) => !BY_LINK.has(name) && (name !== "version" || workflow));
}
export const isByLink = (field: FieldName) => BY_LINK.has(field);

export type RangeField = "started" | "closed" | "duration";
/** The parameters of a field that has a begin and an end. */
export const rangeOf = (field: RangeField): readonly [FilterName, FilterName] => PARAMETERS[field];

export function setFields(filters: ExecutionFilters): FieldName[] {
  return FIELD_NAMES.filter((field) => PARAMETERS[field].some((name) => filters[name]));
}

/** Versions are counted by workflow, so a version goes with its workflow. */
export function withoutField(filters: ExecutionFilters, field: FieldName): ExecutionFilters {
  const left = { ...filters };
  for (const name of PARAMETERS[field]) delete left[name];
  if (field === "workflow") delete left.version;
  return left;
}

/** What stands on its chip. */
export function fieldText(filters: ExecutionFilters, field: FieldName): string {
  const [from, to] = PARAMETERS[field].map((name) => filters[name]);
  switch (field) {
    case "status":
      return words.statuses(listed(from).map((status) => texts.status[status as ExecutionStatus] ?? status));
    case "version":
      return `v${from}`;
    case "started":
    case "closed":
      return timeText(from, to);
    case "duration":
      return durationText(from, to);
    default:
      return from ?? "";
  }
}

function timeText(from: string | undefined, to: string | undefined): string {
  if (from && to) return words.between(momentText(from), momentText(to));
  if (from === TODAY) return words.today;
  if (from) return ageMs(from) === null ? words.after(momentText(from)) : words.last(from);
  if (to) return to === TODAY || ageMs(to) === null ? words.until(momentText(to)) : words.before(to);
  return "";
}

/** Whoever typed nonsense into the address sees it again. */
function momentText(text: string): string {
  if (text === TODAY) return words.today;
  if (ageMs(text) !== null) return words.ago(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : shortTime(at);
}

function durationText(from: string | undefined, to: string | undefined): string {
  const shown = (ms: string) => (Number.isNaN(Number(ms)) ? ms : roundDuration(Number(ms)));
  if (from && to) return words.between(shown(from), shown(to));
  if (from) return words.longer(shown(from));
  return to ? words.shorter(shown(to)) : "";
}
