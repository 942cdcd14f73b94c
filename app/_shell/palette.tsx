"use client";
/** The palette: one field that finds rooms, workflows, executions and actions; arrows walk, Enter goes, Escape leaves. */
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as Primitive } from "radix-ui";
import { useState } from "react";
import { useFoundExecutions } from "@/lib/client/palette";
import { useMay } from "@/lib/client/permissions";
import { shellTexts } from "@/lib/client/texts/shell";
import { Status } from "../_ui/status";
import { KeyCombo } from "./key-combo";
import { executionEntry, type PaletteEntry, usePaletteGroups } from "./palette-entries";
import { matching } from "./palette-model";

const words = shellTexts.palette;

export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const router = useRouter();
  const found = useFoundExecutions(text, useMay("read"));
  const isAsked = text.trim() !== "";
  const groups = usePaletteGroups()
    .filter(({ isFound }) => isAsked || !isFound)
    .map((group) => ({ ...group, entries: matching(group.entries, text) }))
    .filter(({ entries }) => entries.length > 0);
  const executions = found.items.map((item) => ({
    ...executionEntry(item, (href) => () => router.push(href), "found"),
    status: item.status,
  }));
  const isEmpty = groups.length === 0 && executions.length === 0;
  const run = (entry: PaletteEntry) => () => {
    onClose();
    entry.run();
  };

  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade bg-[rgb(10_10_14/0.4)] dark:bg-[rgb(0_0_0/0.6)]" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 top-0 z-50 animate-fade bg-raised shadow-float focus:outline-none sm:inset-x-auto sm:top-[12vh] sm:left-1/2 sm:w-full sm:max-w-[560px] sm:-translate-x-1/2 sm:rounded-lg"
        >
          <Primitive.Title className="sr-only">{words.title}</Primitive.Title>
          <Command label={words.title} shouldFilter={false} loop className="flex flex-col">
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search aria-hidden size={15} className="shrink-0 text-ink-3" />
              <Command.Input
                autoFocus
                value={text}
                onValueChange={setText}
                placeholder={words.placeholder}
                className="h-12 w-full bg-transparent text-base focus-visible:outline-none"
              />
            </div>
            <Command.List
              label={words.listLabel}
              className="h-[60dvh] overflow-y-auto overscroll-contain p-1.5 sm:h-[400px]"
            >
              {groups.map(({ name, entries }) => (
                <Group key={name} name={name}>
                  {entries.map((entry) => (
                    <Item key={entry.id} entry={entry} onSelect={run(entry)} />
                  ))}
                </Group>
              ))}
              {executions.length > 0 && (
                <Group name={words.executions}>
                  {executions.map((entry) => (
                    <Item key={entry.id} entry={entry} onSelect={run(entry)}>
                      <Status status={entry.status} />
                    </Item>
                  ))}
                </Group>
              )}
              {isEmpty && !found.isSearching && (
                <p className="px-3 py-8 text-center text-sm text-ink-3">
                  {found.isFailed ? words.failed : words.none(text.trim())}
                </p>
              )}
            </Command.List>
            <p role="status" className="flex h-8 items-center border-t px-4 text-2xs text-ink-3">
              {found.isSearching ? words.searching : found.isFailed ? words.failed : words.help}
            </p>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Group({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={name}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  entry,
  onSelect,
  children,
}: {
  entry: PaletteEntry;
  onSelect: () => void;
  children?: React.ReactNode;
}) {
  const { id, name, icon: Icon, hint, keys } = entry;
  return (
    <Command.Item
      value={id}
      onSelect={onSelect}
      className="flex h-9 items-center gap-2.5 rounded-md px-2.5 text-sm text-ink select-none data-[selected=true]:bg-active"
    >
      <Icon aria-hidden size={15} strokeWidth={1.75} className="shrink-0 text-ink-3" />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {hint && <span className="max-w-40 truncate text-xs text-ink-3">{hint}</span>}
      {children}
      {keys && <KeyCombo keys={keys} />}
    </Command.Item>
  );
}
