"use client";
/** Which iteration of a node is meant: 3 of 7, and the ones beside it. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { graphTexts as words } from "@/lib/client/texts/timeline";
import type { Row } from "./timeline-model";

interface TurnPickerProps {
  node: string;
  turns: readonly Row[];
  row: Row;
  onTurn: (key: string) => void;
}

export function TurnPicker({ node, turns, row, onTurn }: TurnPickerProps) {
  const at = turns.indexOf(row);
  return (
    <Stepper
      said={`${at + 1}/${turns.length}`}
      title={words.turn(at + 1, turns.length)}
      before={words.previousTurn(node)}
      after={words.nextTurn(node)}
      onBefore={at > 0 ? () => onTurn(turns[at - 1]?.key ?? row.key) : null}
      onAfter={at < turns.length - 1 ? () => onTurn(turns[at + 1]?.key ?? row.key) : null}
    />
  );
}

interface StepperProps {
  said: string;
  title: string;
  before: string;
  after: string;
  /** null: there is none. */
  onBefore: (() => void) | null;
  onAfter: (() => void) | null;
}

export function Stepper({ said, title, before, after, onBefore, onAfter }: StepperProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the buttons is none on what they lie on
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <span
      title={title}
      onClick={(event) => event.stopPropagation()}
      className="nodrag nopan inline-flex h-[18px] shrink-0 items-center rounded-sm bg-active text-2xs text-ink-2 tabular"
    >
      <Turn name={before} icon={ChevronLeft} onClick={onBefore} />
      <span>{said}</span>
      <Turn name={after} icon={ChevronRight} onClick={onAfter} />
    </span>
  );
}

function Turn({ name, icon: Icon, onClick }: { name: string; icon: typeof ChevronLeft; onClick: (() => void) | null }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={name}
      aria-disabled={onClick === null}
      onClick={() => onClick?.()}
      className="inline-flex h-full w-4 items-center justify-center rounded-sm hover:text-ink aria-disabled:opacity-35"
    >
      <Icon aria-hidden size={11} />
    </button>
  );
}
