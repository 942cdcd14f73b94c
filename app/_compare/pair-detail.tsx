"use client";
/** One step's differences: times apart, and input, output and error by the paths in which they differ. */
import { type ReactNode, useMemo } from "react";
import { duration } from "@/lib/client/format";
import { compareTexts } from "@/lib/client/texts/compare";
import type { ErrorInfo } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import type { Carried, Row, TimelineModel } from "../_execution/timeline-model";
import { Status } from "../_ui/status";
import { isSameValue, type StepPair } from "./compare-model";
import { diffJson, type JsonChange } from "./json-diff";

const words = compareTexts.detail;

/** What the two are called. */
type Names = Pick<typeof words, "here" | "there" | "added" | "removed">;

/** @param pair null: the executions themselves */
export function PairDetail({
  pair,
  left,
  right,
  names = words,
}: {
  pair: StepPair | null;
  left: TimelineModel;
  right: TimelineModel;
  names?: Names;
}) {
  const here = pair === null ? left : pair.left;
  const there = pair === null ? right : pair.right;
  return (
    <div className="flex flex-col gap-4 px-4 py-3">
      <h2 className="truncate font-mono text-xs font-medium">{pair?.key ?? words.execution}</h2>
      {pair !== null && <Facts pair={pair} names={names} />}
      <ValueDiff names={names} title={words.error} left={errorValue(here?.error)} right={errorValue(there?.error)} />
      <ValueDiff names={names} title={words.input} left={here?.input ?? null} right={there?.input ?? null} />
      <ValueDiff names={names} title={words.output} left={here?.output ?? null} right={there?.output ?? null} />
    </div>
  );
}

/** Stacks name files and lines of one machine: they would differ for no reason. */
function errorValue(error: ErrorInfo | null | undefined): Carried {
  if (!error) return null;
  const { stack: _, ...told } = error;
  return { json: told as unknown as JsonValue };
}

function Facts({ pair: { left, right, leftTime, rightTime }, names }: { pair: StepPair; names: Names }) {
  const time = (ms: number | undefined) => (ms === undefined ? "–" : duration(ms));
  const facts: [string, ReactNode, ReactNode][] = [
    [words.status, statusOf(left), statusOf(right)],
    [words.port, left?.port ?? "–", right?.port ?? "–"],
    [words.attempts, left?.attempts.length ?? "–", right?.attempts.length ?? "–"],
    [words.total, time(leftTime?.totalMs), time(rightTime?.totalMs)],
    [words.queued, time(leftTime?.queuedMs), time(rightTime?.queuedMs)],
    [words.ran, time(leftTime?.ranMs), time(rightTime?.ranMs)],
  ];
  return (
    <table className="w-full text-xs tabular">
      <thead>
        <tr className="text-left text-2xs text-ink-3">
          <th scope="col" className="font-normal">
            <span className="sr-only">{words.status}</span>
          </th>
          <th scope="col" className="py-1 font-normal">
            {names.here}
          </th>
          <th scope="col" className="py-1 font-normal">
            {names.there}
          </th>
        </tr>
      </thead>
      <tbody>
        {facts.map(([name, here, there]) => (
          <tr key={name}>
            <th scope="row" className="py-1 pr-4 text-left font-normal text-ink-3">
              {name}
            </th>
            <td className="py-1 pr-4">{here}</td>
            <td className="py-1">{there}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function statusOf(row: Row | null) {
  return row === null ? compareTexts.list.missing : <Status status={row.status} />;
}

function ValueDiff({ title, left, right, names }: { title: string; left: Carried; right: Carried; names: Names }) {
  const isSame = isSameValue(left, right);
  const isLarge = [left, right].some((value) => value !== null && "ref" in value);
  const diff = useMemo(
    () => (isSame || isLarge ? null : diffJson(jsonOf(left), jsonOf(right))),
    [isSame, isLarge, left, right],
  );
  if (left === null && right === null) return null;
  return (
    <section aria-label={title} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{title}</h3>
      {isSame && <p className="text-xs text-ink-3">{words.same}</p>}
      {!isSame && isLarge && <p className="text-xs text-ink-2">{words.large}</p>}
      {diff && (
        <ul className="divide-y divide-line overflow-hidden rounded-md border bg-sunken font-mono text-xs">
          {diff.changes.map((change) => (
            <Change key={change.path} change={change} names={names} />
          ))}
        </ul>
      )}
      {diff?.isCut && <p className="text-2xs text-ink-3">{words.cut(diff.changes.length)}</p>}
    </section>
  );
}

function jsonOf(value: Carried): JsonValue | undefined {
  return value !== null && "json" in value ? value.json : undefined;
}

/** A sign says it too, for whoever does not see the tone. */
function Change({ change: { path, kind, before, after }, names }: { change: JsonChange; names: Names }) {
  return (
    <li className="flex flex-col gap-0.5 px-2.5 py-2">
      <span className="flex items-baseline justify-between gap-2">
        <span className="min-w-0 break-words text-json-key">{path === "" ? words.whole : path}</span>
        <span className="shrink-0 font-sans text-2xs text-ink-3">
          {kind === "changed" ? words.changed : names[kind]}
        </span>
      </span>
      {before !== undefined && <Side sign="−" name={names.here} status="failed" value={before} />}
      {after !== undefined && <Side sign="+" name={names.there} status="completed" value={after} />}
    </li>
  );
}

const SHOWN = 400;

function Side({ sign, name, status, value }: { sign: string; name: string; status: string; value: JsonValue }) {
  const text = JSON.stringify(value);
  return (
    <span data-status={status} className="flex gap-2 text-tone">
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{name}:</span>
      <span className="min-w-0 break-all">{text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}</span>
    </span>
  );
}
