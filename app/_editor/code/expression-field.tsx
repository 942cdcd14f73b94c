"use client";
/**
 * A field that takes an expression: completion over what is in scope there, values of a past execution on hover and below, faults
 * at the character. At rest it is plain text; the editor comes when one is about to type.
 */
import { type ReactNode, useEffect, useId, useMemo, useState } from "react";
import { codeTexts } from "@/lib/client/texts/editor-code";
import type { Path } from "@/lib/editor/document";
import { evaluate } from "@/lib/editor/expressions/evaluate";
import { faultsOf } from "@/lib/editor/expressions/faults";
import { type ExpressionPlace, type FieldAt, placeOf } from "@/lib/editor/expressions/place";
import { toExpression, toText, typed, type Written, writtenOf } from "@/lib/editor/expressions/written";
import { classNames } from "../../_ui/class-names";
import { useEditor } from "../use-editor";
import { arriving } from "./arriving";
import { AtRest } from "./field-box";
import { FieldFrame } from "./field-frame";
import type { Said } from "./field-line";
import type { TypingProps } from "./field-props";
import { useSamples } from "./samples";
import { useEntered } from "./use-entered";

const words = codeTexts.field;
const typing = arriving<TypingProps>(() => import("./typing-field"));

export interface ExpressionFieldProps {
  /** The node whose field it is; of a body that is one task the map. None: the edge's, or the workflow's own. */
  node?: string | undefined;
  edge?: FieldAt["edge"];
  /** From the node, the edge or the workflow: `["request", "url"]`, `["cases", 0, "when"]`. */
  path: Path;
  /** As the definition has it, `=` included; empty where there is nothing. */
  value: string;
  /** With each change; empty: nothing is left. */
  onChange: (value: string) => void;
  label: string;
  hint?: ReactNode;
  /** `template`: text, or an expression after a `=`. `expression`: always one, without `=`. */
  mode: "template" | "expression";
  /** Text may have several lines. An expression always may. */
  multiline?: boolean;
  /** Why the value cannot be kept. */
  invalid?: string | null | undefined;
  optional?: string | undefined;
  readOnly?: boolean;
  /** The label is for ears alone: a heading or a table says it to eyes. */
  isLabelHidden?: boolean;
}

export function ExpressionField(props: ExpressionFieldProps) {
  const { node, edge, path, value, onChange, label, mode, multiline = false, optional, readOnly = false } = props;
  const id = useId();
  const place = usePlace({ node, edge, path });
  const { samples } = useSamples();
  const shown = mode === "expression" ? { kind: "expression" as const, text: value } : writtenOf(value);
  const said = useSaid(props, useSettled(shown), place);
  const { view, entered, setEntered, early, enter } = useEntered();
  const Typing = typing.useIfThere();

  function change(text: string) {
    onChange(mode === "expression" ? text : typed(shown, text));
  }

  const box = {
    id: `${id}-text`,
    label,
    text: shown.text,
    isExpression: shown.kind === "expression",
    isInvalid: said?.tone === "danger",
    describedBy: `${id}-said`,
    multiline,
    readOnly,
  };
  return (
    <FieldFrame
      textId={box.id}
      saidId={box.describedBy}
      label={label}
      isLabelHidden={props.isLabelHidden}
      optional={optional}
      isInvalid={box.isInvalid}
      said={said}
      hint={props.hint}
      className={classNames("min-h-8 items-stretch", readOnly && "bg-sunken")}
      onLabel={enter}
    >
      <KindToggle
        shown={shown}
        isFixed={mode === "expression" || readOnly}
        label={label}
        onToggle={() => {
          onChange(shown.kind === "expression" ? toText(shown.text) : toExpression(shown.text));
          enter();
        }}
      />
      {entered === null || Typing === null ? (
        <AtRest {...box} early={early} onShown={typing.load} onWanted={setEntered} />
      ) : (
        <Typing
          {...box}
          entered={entered}
          early={early}
          viewRef={view}
          place={place}
          samples={samples}
          onChange={change}
        />
      )}
    </FieldFrame>
  );
}

/** What its place is, in the definition as it is. */
export function usePlace({
  node,
  edge,
  path,
}: Pick<ExpressionFieldProps, "node" | "edge" | "path">): ExpressionPlace | null {
  const definition = useEditor(({ session }) => session.present.definition);
  const key = JSON.stringify([node, edge, path]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that they say
  return useMemo(
    () =>
      placeOf(definition, { path, ...(node === undefined ? {} : { node }), ...(edge === undefined ? {} : { edge }) }),
    [definition, key],
  );
}

const SETTLED_MS = 400;

/** As it was when typing last paused: nothing half-written is called wrong. */
function useSettled({ kind, text }: Written): Written {
  const [settled, setSettled] = useState<Written>({ kind, text });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ kind, text }), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [kind, text]);
  return settled.kind === kind ? settled : { kind, text };
}

/** Why it cannot be, what may go wrong, or what it would have given: the first of these. */
function useSaid({ invalid }: ExpressionFieldProps, shown: Written, place: ExpressionPlace | null): Said | null {
  const { samples } = useSamples();
  return useMemo(() => {
    if (invalid) return { tone: "danger", text: invalid };
    if (shown.kind !== "expression" || place === null || shown.text === "") return null;
    const [fault] = faultsOf(shown.text, place);
    if (fault?.severity === "error") return { tone: "danger", text: fault.message };
    if (samples !== null) {
      const result = evaluate(shown.text, place, samples);
      if ("value" in result) return { tone: "value", value: result.value };
      return { tone: "warning", text: `${words.noValue} ${result.error}` };
    }
    return fault === undefined ? null : { tone: "warning", text: fault.message };
  }, [invalid, shown.kind, shown.text, place, samples]);
}

function KindToggle({
  shown,
  isFixed,
  label,
  onToggle,
}: {
  shown: Written;
  isFixed: boolean;
  label: string;
  onToggle: () => void;
}) {
  const isExpression = shown.kind === "expression";
  const look = classNames(
    "flex w-7 shrink-0 items-start justify-center rounded-l-[5px] border-r pt-[7px] font-mono text-xs leading-4",
    isExpression ? "bg-accent-tint text-accent" : "text-ink-3",
  );
  if (isFixed) {
    return (
      <span aria-hidden title={isExpression ? words.always : undefined} className={look}>
        {isExpression ? "=" : "T"}
      </span>
    );
  }
  return (
    <button
      type="button"
      aria-pressed={isExpression}
      aria-label={`${label}: ${words.expression}`}
      title={isExpression ? words.isExpression : words.isText}
      onClick={onToggle}
      className={classNames(look, "focus-inset", isExpression ? "" : "hover:bg-hover hover:text-ink")}
    >
      {isExpression ? "=" : "T"}
    </button>
  );
}
