"use client";
/** Fields of which one excludes the other: how long a sleep lasts, with which error a failure ends. */
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { Node } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import type { Edit } from "@/lib/editor/edits";
import { Segments } from "../../_ui/segments";
import { useEditor, useEditorStore } from "../use-editor";
import { useSubject } from "./subject";

interface Way {
  readonly name: string;
  readonly title: string;
  readonly fields: readonly string[];
  /** What is written when it is chosen. */
  readonly seed: { readonly field: string; readonly value: (node: Node) => JsonValue };
}

const SLEEP: readonly Way[] = [
  {
    name: "duration",
    title: words.sleep.duration,
    fields: ["duration"],
    seed: { field: "duration", value: () => "1h" },
  },
  {
    name: "until",
    title: words.sleep.until,
    fields: ["until"],
    seed: { field: "until", value: () => "=input.at" },
  },
];
const FAIL: readonly Way[] = [
  {
    name: "own",
    title: words.fail.own,
    fields: ["code", "message"],
    seed: { field: "code", value: () => "FAILED" },
  },
  {
    name: "rethrow",
    title: words.fail.rethrow,
    fields: ["rethrow"],
    seed: { field: "rethrow", value: ({ id }) => id },
  },
];

function waysOf(node: Node): readonly Way[] {
  if (node.type === "sleep") return SLEEP;
  return node.type === "fail" ? FAIL : [];
}

const isWritten = (node: Node, field: string) => field in node;

/** Fields that are not shown, for another way was chosen; where both are written, both are shown. */
export function hiddenFields(node: Node | null): ReadonlySet<string> {
  if (node === null) return new Set();
  const ways = waysOf(node);
  const chosen = ways.filter(({ fields }) => fields.some((field) => isWritten(node, field)));
  const shown = new Set((chosen.length === 0 ? ways.slice(0, 1) : chosen).flatMap(({ fields }) => fields));
  return new Set(ways.flatMap(({ fields }) => fields).filter((field) => !shown.has(field)));
}

/** One of the ways must be written: the field that says it is not optional while it is chosen. */
export function saysTheWay(node: Node, field: string): boolean {
  return waysOf(node).some(({ seed }) => seed.field === field);
}

export function Alternatives() {
  const editor = useEditorStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const { target } = useSubject();
  const ways = target === null ? [] : waysOf(target);
  const [first] = ways;
  if (target === null || first === undefined) return null;
  const hidden = hiddenFields(target);
  const chosen = ways.find(({ fields }) => fields.some((field) => !hidden.has(field))) ?? first;
  return (
    <Segments
      label={target.type === "sleep" ? words.sleep.label : words.fail.label}
      options={ways.map(({ name, title }) => ({ value: name, name: title }))}
      value={chosen.name}
      onChange={(name) => {
        const way = ways.find((each) => each.name === name);
        if (way !== undefined && way !== chosen && !isReadOnly) editor.apply(chosenInstead(target, ways, way));
      }}
    />
  );
}

function chosenInstead(node: Node, ways: readonly Way[], { fields, seed }: Way): Edit {
  const set = (field: string, value?: JsonValue): Edit => ({
    type: "set-node",
    node: node.id,
    path: [field],
    ...(value === undefined ? {} : { value }),
  });
  const others = ways.flatMap((way) => way.fields).filter((field) => !fields.includes(field) && isWritten(node, field));
  return { type: "all", edits: [...others.map((field) => set(field)), set(seed.field, seed.value(node))] };
}
