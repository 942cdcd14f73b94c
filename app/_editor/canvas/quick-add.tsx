"use client";
/** A list to choose from where one is: what to add, what to connect to. Typing narrows it; arrows walk, Enter chooses, Escape leaves. */
import { Command } from "cmdk";
import { CornerDownRight, Search, SquareTerminal } from "lucide-react";
import { Popover } from "radix-ui";
import { type ReactNode, useMemo, useState } from "react";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import type { Node } from "@/lib/contract/definition";
import { portsOf } from "@/lib/core/definition/ports";
import { type Kind, type Spot, spotAfter, targetsOf, taskNames } from "@/lib/editor/canvas/add";
import { graphAt, nodeOf, refOf } from "@/lib/editor/document";
import type { Outlet } from "@/lib/editor/nodes";
import { NodeIcon } from "../../_execution/node-icon";
import { Dialog } from "../../_ui/dialog";
import { useMedia, WIDE } from "../../_ui/media";
import { useEditorStore } from "../use-editor";
import type { Commands } from "./commands";
import { NODE_GROUPS } from "./node-groups";
import { type Ask, useUi, useUiStore } from "./ui";
import { useCommands } from "./use-commands";

interface Item {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly icon: ReactNode;
  /** Words that find it, beside its name. */
  readonly words?: string;
  readonly choose: () => void;
}

interface Group {
  readonly name: string;
  readonly items: readonly Item[];
}

export function AskLayer() {
  const ask = useUi((state) => state.ask);
  const ui = useUiStore();
  const commands = useCommands();
  const isWide = useMedia(WIDE);
  if (ask === null) return null;
  const close = () => ui.set({ ask: null });
  const title = titleOf(ask);
  const list = <AskList key={JSON.stringify({ ...ask, at: 0 })} ask={ask} onClose={close} />;
  if (!isWide)
    return (
      <Dialog open onOpenChange={(open) => !open && close()} title={title} description={subtitleOf(ask)}>
        <div className="mt-3 border-t">{list}</div>
      </Dialog>
    );
  return (
    <Popover.Root open onOpenChange={(open) => !open && close()}>
      <Popover.Anchor asChild>
        <span aria-hidden className="pointer-events-none fixed" style={{ left: ask.at.x, top: ask.at.y }} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          aria-label={title}
          align="start"
          side="right"
          sideOffset={8}
          collisionPadding={12}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            commands.focusChosen();
          }}
          className="z-50 w-80 animate-fade overflow-hidden rounded-lg bg-raised shadow-float focus:outline-none"
        >
          {list}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function titleOf({ kind }: Ask): string {
  if (kind === "add") return canvasTexts.quick.title;
  return kind === "connect" ? canvasTexts.connect.title : canvasTexts.move.title;
}

function subtitleOf(ask: Ask): string {
  const { quick, connect, move } = canvasTexts;
  if (ask.kind === "connect")
    return ask.port === null ? connect.whichPort : `${connect.port(ask.node, ask.port)}. ${connect.whichNode}`;
  if (ask.kind === "move-edge") return ask.edge === null ? move.whichEdge : move.whichNode;
  const { spot } = ask;
  if (spot.kind === "edge") return quick.into(spot.edge.from, spot.edge.to);
  return spot.kind === "after" ? quick.after(spot.outlet.node, portName(spot.outlet)) : quick.loose;
}

const portName = ({ port }: Outlet) => (port === "success" ? null : port);

function AskList({ ask, onClose }: { ask: Ask; onClose: () => void }) {
  const [text, setText] = useState("");
  const groups = useGroups(ask, text, onClose);
  const isEmpty = groups.every(({ items }) => items.length === 0);
  return (
    <Command label={titleOf(ask)} shouldFilter={false} loop>
      <div className="flex items-center gap-2 border-b px-3">
        <Search aria-hidden size={14} className="shrink-0 text-ink-3" />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder={canvasTexts.quick.placeholder}
          className="h-10 w-full bg-transparent text-sm focus-visible:outline-none"
        />
      </div>
      <p className="truncate border-b px-3 py-1.5 text-2xs text-ink-3">{subtitleOf(ask)}</p>
      <Command.List label={canvasTexts.quick.list} className="max-h-[min(400px,52dvh)] overflow-y-auto p-1">
        {groups
          .filter(({ items }) => items.length > 0)
          .map(({ name, items }) => (
            <Command.Group
              key={name}
              heading={name}
              className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-1.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3"
            >
              {items.map((item) => (
                <Command.Item
                  key={item.id}
                  value={item.id}
                  onSelect={item.choose}
                  className="flex h-9 items-center gap-2.5 rounded-md px-2 text-sm select-none data-[selected=true]:bg-active"
                >
                  <span className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm bg-active text-ink-2">
                    {item.icon}
                  </span>
                  <span className="shrink-0">{item.name}</span>
                  <span className="min-w-0 flex-1 truncate text-right text-2xs text-ink-3">{item.hint}</span>
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        {isEmpty && (
          <p className="px-3 py-6 text-center text-xs text-ink-3">
            {text === "" ? canvasTexts.connect.nothing : canvasTexts.quick.none(text.trim())}
          </p>
        )}
      </Command.List>
    </Command>
  );
}

function useGroups(ask: Ask, text: string, onClose: () => void): readonly Group[] {
  const editor = useEditorStore();
  const ui = useUiStore();
  const commands = useCommands();
  const groups = useMemo(() => {
    const document = editor.present;
    const then = (act: () => void) => () => {
      onClose();
      act();
    };
    if (ask.kind === "add") return toAdd(document, ask, commands, then);
    // Another question in the same place.
    const go = (next: Ask) => ui.set({ ask: { ...next, at: ui.state().ask?.at ?? { x: 0, y: 0 } } });
    if (ask.kind === "connect") return toConnect(document, ask, commands, then, go);
    return toMove(document, ask, commands, then, go);
  }, [ask, editor, ui, commands, onClose]);
  return useMemo(() => narrowed(groups, text, commands, ask, onClose), [groups, text, commands, ask, onClose]);
}

type Document = Parameters<typeof taskNames>[0];
type Then = (act: () => void) => () => void;
type Go = (next: Ask) => void;

function toAdd(
  document: Document,
  { spot, from }: Extract<Ask, { kind: "add" }>,
  commands: Commands,
  then: Then,
): readonly Group[] {
  const add = (kind: Kind) => then(() => commands.add(kind, spotFor(document, spot, kind)));
  const kinds = NODE_GROUPS.map(({ name, types }) => ({
    name: canvasTexts.groups[name],
    items: types.map((type) => ({
      id: `type ${type}`,
      name: canvasTexts.types[type].name,
      hint: canvasTexts.types[type].does,
      icon: <NodeIcon type={type} />,
      words: `${type} ${canvasTexts.types[type].does}`,
      choose: add(type),
    })),
  }));
  const tasks = taskNames(document).map((task) => ({
    id: `task ${task}`,
    name: task,
    hint: canvasTexts.types.task.name,
    icon: <SquareTerminal aria-hidden size={14} strokeWidth={1.75} />,
    choose: add({ task }),
  }));
  return [
    ...kinds,
    { name: canvasTexts.quick.tasks, items: tasks },
    ...(from === null ? [] : [targets(document, from, commands, then)]),
  ];
}

/** After what ends nothing runs: it branches off where others would stand between. */
function spotFor(document: Document, spot: Spot, kind: Kind): Spot {
  const isEnd = kind === "fail" || kind === "succeed";
  return isEnd && spot.kind === "edge" ? spotAfter(document, spot.edge.from, true) : spot;
}

function targets(document: Document, from: Outlet, commands: Commands, then: Then): Group {
  const scope = nodeOf(document.definition, from.node)?.scope ?? null;
  return {
    name: `${canvasTexts.quick.connect} (${from.port})`,
    items: targetsOf(document, from).map((node) => ({
      id: `node ${node.id}`,
      name: node.id,
      hint: node.id === from.node ? canvasTexts.quick.loop : canvasTexts.types[node.type].name,
      icon: <NodeIcon type={node.type} />,
      choose: then(() => commands.connect(scope, { from: from.node, port: from.port, to: node.id })),
    })),
  };
}

function toConnect(
  document: Document,
  { node: id, port }: Extract<Ask, { kind: "connect" }>,
  commands: Commands,
  then: Then,
  go: Go,
): readonly Group[] {
  if (port !== null) return [targets(document, { node: id, port }, commands, then)];
  const found = nodeOf(document.definition, id);
  const graph = found && graphAt(document.definition, found.scope);
  if (!found || !graph) return [];
  const edges = graph.edges.filter(({ from }) => from === id).map((edge) => refOf(edge, graph));
  const items = portsOf(found.node).map((each) => {
    const to = edges.filter((edge) => edge.port === each).map((edge) => edge.to);
    return {
      id: `port ${each}`,
      name: each,
      hint: to.length === 0 ? canvasTexts.connect.open : canvasTexts.connect.leadsTo(to),
      icon: <CornerDownRight aria-hidden size={14} strokeWidth={1.75} />,
      choose: () => go({ kind: "connect", node: id, port: each }),
    };
  });
  return [{ name: canvasTexts.connect.whichPort, items }];
}

function toMove(
  document: Document,
  { node: id, scope, edge }: Extract<Ask, { kind: "move-edge" }>,
  commands: Commands,
  then: Then,
  go: Go,
): readonly Group[] {
  const graph = graphAt(document.definition, scope);
  if (graph === null) return [];
  const edges = graph.edges.filter(({ from }) => from === id).map((each) => refOf(each, graph));
  const icon = <CornerDownRight aria-hidden size={14} strokeWidth={1.75} />;
  if (edge === null) {
    const items = edges.map((each) => ({
      id: `edge ${each.port} ${each.to}`,
      name: each.to,
      hint: each.port,
      icon,
      choose: () => go({ kind: "move-edge", node: id, scope, edge: each }),
    }));
    return [{ name: canvasTexts.move.whichEdge, items }];
  }
  const items = targetsOf(document, { node: edge.from, port: edge.port }).map((node: Node) => ({
    id: `node ${node.id}`,
    name: node.id,
    hint: canvasTexts.types[node.type].name,
    icon: <NodeIcon type={node.type} />,
    choose: then(() => commands.moveEdge(scope, edge, node.id)),
  }));
  return [{ name: canvasTexts.move.whichNode, items }];
}

/** What begins so stands first. A name that nothing has can be a task's. */
function narrowed(
  groups: readonly Group[],
  text: string,
  commands: Commands,
  ask: Ask,
  onClose: () => void,
): readonly Group[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return groups;
  const rank = ({ name, words = "" }: Item) => {
    const at = name.toLowerCase().indexOf(wanted);
    if (at === 0) return 0;
    if (at > 0) return 1;
    return words.toLowerCase().includes(wanted) ? 2 : 3;
  };
  const left = groups.map(({ name, items }) => ({
    name,
    items: items.filter((item) => rank(item) < 3).sort((a, b) => rank(a) - rank(b)),
  }));
  left.sort((a, b) => best(a.items, rank) - best(b.items, rank));
  const name = text.trim();
  const isName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name);
  if (ask.kind !== "add" || !isName || left.some(({ items }) => items.some((item) => item.name === name))) return left;
  const task: Item = {
    id: "new task",
    name: canvasTexts.quick.newTask(name),
    hint: canvasTexts.types.task.does,
    icon: <SquareTerminal aria-hidden size={14} strokeWidth={1.75} />,
    choose: () => {
      onClose();
      commands.add({ task: name }, ask.spot);
    },
  };
  return [...left, { name: canvasTexts.quick.kinds, items: [task] }];
}

const best = (items: readonly Item[], rank: (item: Item) => number) => Math.min(3, ...items.map(rank));
