"use client";
/** Which node it is: its type, its id, which can be renamed in place, and what lies before and after it. */
import { ArrowDownLeft, ArrowUpRight, CornerLeftUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { Node } from "@/lib/contract/definition";
import { applyEdit } from "@/lib/editor/edits";
import { type Way, waysOf } from "@/lib/editor/fields/ways";
import { NodeIcon } from "../../_execution/node-icon";
import { useKeys } from "../../_shell/keys";
import { NOTHING } from "../selection";
import { useEditor, useEditorStore } from "../use-editor";
import { focusForm, ofNode, useWantedField } from "./focus-field";

export function NodeHeader({ node, scope }: { node: Node; scope: string | null }) {
  const type = words.types[node.type];
  return (
    <header className="flex shrink-0 flex-col gap-1.5 border-b px-4 pt-3 pb-2.5">
      <div className="flex items-center gap-2">
        <span className="inline-flex size-6 shrink-0 items-center justify-center rounded-md border bg-sunken text-ink-2">
          <NodeIcon type={node.type} />
        </span>
        <NodeId key={node.id} id={node.id} />
      </div>
      <p className="text-2xs text-ink-3">
        <span className="font-medium text-ink-2">{type.name}</span> · {type.does}.
        {scope !== null && ` ${words.showIn(scope)}.`}
      </p>
    </header>
  );
}

/** It is called so once one leaves it or presses Enter; Escape leaves it as it was. */
function NodeId({ id }: { id: string }) {
  const editor = useEditorStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(id);
  const [wrong, setWrong] = useState<string | null>(null);
  const wanted = useWantedField(ofNode(id));
  useKeys(words.keys, [{ keys: "F2", name: words.rename, run: () => begin(input.current) }]);
  useEffect(() => {
    if (wanted?.pointer === "/id") begin(input.current);
  }, [wanted]);
  const rename = () => {
    if (text === id) return;
    const edit = { type: "rename-node", node: id, to: text } as const;
    const edited = applyEdit(editor.present, edit);
    if ("refused" in edited) return setWrong(edited.refused);
    if (editor.apply(edit) === null) return;
    if (document.activeElement === input.current) focusForm(text);
  };
  return (
    <span data-path="/id" className="flex min-w-0 flex-1 flex-col">
      <input
        ref={input}
        aria-label={words.nodeId}
        aria-invalid={wrong === null ? undefined : true}
        title={words.renameHint}
        spellCheck={false}
        autoComplete="off"
        readOnly={isReadOnly}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setWrong(null);
        }}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === "Enter") rename();
          else if (event.key === "F2") begin(input.current);
          else if (event.key === "Escape") {
            event.stopPropagation();
            setText(id);
            setWrong(null);
          } else return;
          event.preventDefault();
        }}
        className="h-7 w-full min-w-0 rounded-md border border-transparent bg-transparent px-1.5 font-mono text-sm font-medium hover:border-line-strong focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger"
      />
      {wrong && (
        <span role="alert" className="px-1.5 text-2xs text-danger">
          {wrong}
        </span>
      )}
    </span>
  );
}

function begin(input: HTMLInputElement | null) {
  input?.focus();
  input?.select();
}

/** What leads here, and where it leads: by outcome, each a way to go there. */
export function Ways({ id }: { id: string }) {
  const definition = useEditor(({ session }) => session.present.definition);
  const ways = waysOf(definition, id);
  if (ways === null) return null;
  return (
    <dl className="grid shrink-0 grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 border-b px-4 py-2.5 text-2xs">
      <dt className="leading-5 text-ink-3">{words.leadsHere}</dt>
      <dd className="flex flex-wrap gap-x-1 leading-5">
        {ways.ins.length === 0 && <span className="text-ink-3">{words.begins}</span>}
        {ways.ins.map((way) => (
          <WayLink
            key={`${way.edge.from} ${way.edge.port}`}
            way={way}
            scope={ways.scope}
            to={way.edge.from}
            port={way.edge.port}
            isIn
          />
        ))}
      </dd>
      {ways.outs
        .filter(({ port, ways: list }) => list.length > 0 || port === ways.outs[0]?.port)
        .map(({ port, ways: list }, i) => (
          <WayRow key={port} label={i === 0 ? words.leadsTo : ""} port={port} ways={list} scope={ways.scope} />
        ))}
    </dl>
  );
}

function WayRow({
  label,
  port,
  ways,
  scope,
}: {
  label: string;
  port: string;
  ways: readonly Way[];
  scope: string | null;
}) {
  return (
    <>
      <dt className="leading-5 text-ink-3">{label}</dt>
      <dd className="flex min-w-0 flex-wrap items-baseline gap-x-1 leading-5">
        <span className="text-ink-3">{port}:</span>
        {ways.length === 0 && <span className="text-ink-3">{words.ends}</span>}
        {ways.map((way) => (
          <WayLink key={way.edge.to} way={way} scope={scope} to={way.edge.to} />
        ))}
      </dd>
    </>
  );
}

function WayLink({
  way,
  scope,
  to,
  port,
  isIn,
}: {
  way: Way;
  scope: string | null;
  to: string;
  port?: string;
  isIn?: boolean;
}) {
  const editor = useEditorStore();
  const Icon = isIn ? ArrowDownLeft : ArrowUpRight;
  return (
    <span className="inline-flex max-w-full items-baseline">
      <button
        type="button"
        title={words.jumpTo(to)}
        onClick={() => editor.reveal(to)}
        className="max-w-40 truncate rounded-sm px-0.5 font-mono text-accent hover:underline"
      >
        {to}
        {port !== undefined && <span className="text-ink-3"> {port}</span>}
      </button>
      <button
        type="button"
        aria-label={words.toEdge(way.edge.from, way.edge.to)}
        title={words.toEdge(way.edge.from, way.edge.to)}
        onClick={() => editor.select({ ...NOTHING, edges: [{ scope, edge: way.edge }] })}
        className="inline-flex size-5 items-center justify-center self-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
      >
        {way.isLoop ? <CornerLeftUp aria-hidden size={11} /> : <Icon aria-hidden size={11} />}
      </button>
    </span>
  );
}
