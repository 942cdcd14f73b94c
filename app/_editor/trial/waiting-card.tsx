"use client";
/** One thing that waits for a person: what it is, what it was given, and the form of its answer. */
import { ChevronRight } from "lucide-react";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { NodeType } from "@/lib/contract/definition";
import { placeName } from "@/lib/contract/trial-path";
import type { OpenThing } from "@/lib/editor/trial/open";
import { NodeIcon } from "../../_execution/node-icon";
import { classNames } from "../../_ui/class-names";
import { JsonView } from "../../_ui/json-view";
import { AnswerForm } from "./answer-form";
import { DecisionForm } from "./decision-form";

export function WaitingCard({
  thing,
  alike,
  isOpen,
  onOpen,
}: {
  thing: OpenThing;
  /** It and the other items of its node. */
  alike: readonly OpenThing[];
  isOpen: boolean;
  onOpen: () => void;
}) {
  const place = placeName(thing.asked.node, thing.asked.index);
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onOpen}
        className="flex h-9 w-full items-center gap-2 px-4 text-left focus-inset hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          size={13}
          className={classNames("shrink-0 text-ink-3 transition-transform", isOpen && "rotate-90")}
        />
        <NodeIcon type={typeOf(thing)} className="shrink-0 text-ink-3" />
        <span className="min-w-0 truncate font-mono text-xs">{place}</span>
        <span className="ml-auto shrink-0 text-2xs text-ink-3">{detailOf(thing)}</span>
      </button>
      {isOpen && (
        <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
          {thing.kind !== "approval" && thing.asked.input !== null && (
            <JsonView title={words.inputOf} value={thing.asked.input} />
          )}
          {thing.kind === "approval" ? (
            <DecisionForm key={thing.id} approval={thing} />
          ) : (
            <AnswerForm key={thing.id} thing={thing} alike={alike} />
          )}
        </div>
      )}
    </>
  );
}

function typeOf(thing: OpenThing): NodeType {
  if (thing.kind === "approval") return "approval";
  if (thing.kind === "child") return "workflow";
  return thing.asked.kind === "http" ? "http" : "task";
}

function detailOf(thing: OpenThing): string {
  if (thing.kind === "approval") return thing.asked.title ?? "";
  if (thing.kind === "child") return words.childOf(thing.asked.workflow);
  const { kind, attempt, round } = thing.asked;
  const parts = [
    kind === "compensation" ? words.undo : kind === "http" ? words.call : "",
    attempt > 1 ? words.attempt(attempt) : "",
    round > 0 ? words.round(round) : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
