"use client";
/** What the palette offers to this person on this page, in groups. */
import {
  Activity,
  Keyboard,
  Link2,
  LogOut,
  type LucideIcon,
  Monitor,
  Moon,
  Play,
  Settings,
  Sun,
  Workflow as WorkflowIcon,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { useMay } from "@/lib/client/permissions";
import { useWorkflows } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { shellTexts } from "@/lib/client/texts/shell";
import { toast } from "../_ui/toast";
import { leave } from "./leave";
import { useRooms } from "./open-rooms";
import { show } from "./overlays";
import type { Entry } from "./palette-model";
import { type Recent, readRecent } from "./recent";
import { useSettingsPages } from "./settings-pages";
import { writeTheme } from "./theme";

const words = shellTexts.palette;

export interface PaletteEntry extends Entry {
  icon: LucideIcon;
  hint?: string;
  /** The key that does the same. */
  keys?: string;
  run: () => void;
}

export interface PaletteGroup {
  name: string;
  entries: PaletteEntry[];
  /** Only once something is typed: there may be very many. */
  isFound?: boolean;
}

/** A group with nothing in it is left out by whoever draws them. */
export function usePaletteGroups(): PaletteGroup[] {
  const router = useRouter();
  const rooms = useRooms();
  const settings = useSettingsPages();
  const mayRead = useMay("read");
  const mayExecute = useMay("execute");
  const recent = useMemo(readRecent, []);
  const workflows = useWorkflows(mayRead).data?.items ?? [];
  const go = (href: string) => () => router.push(href);
  return [
    { name: words.recent, entries: mayRead ? recent.map((one) => executionEntry(one, go, "recent")) : [] },
    {
      name: words.rooms,
      entries: rooms.map(({ href, name, icon, key }) => ({ id: href, name, icon, keys: `g ${key}`, run: go(href) })),
    },
    { name: words.actions, entries: actions(mayExecute) },
    {
      name: words.settings,
      isFound: true,
      entries: settings.map(({ href, name }) => ({
        id: href,
        name,
        words: words.settings,
        icon: Settings,
        run: go(href),
      })),
    },
    {
      name: words.workflows,
      isFound: true,
      entries: workflows.flatMap(({ name }) => [
        {
          id: `workflow ${name}`,
          name,
          icon: WorkflowIcon,
          run: go(`/workflows/${encodeURIComponent(name)}`),
        },
        ...(mayExecute
          ? [
              {
                id: `start ${name}`,
                name: words.startOf(name),
                icon: Play,
                run: () => show({ name: "start", workflow: name }),
              },
            ]
          : []),
      ]),
    },
  ];
}

/** @param list which list it stands in, for it may stand in two */
export function executionEntry(
  { id, key, workflow }: Recent,
  go: (href: string) => () => void,
  list: string,
): PaletteEntry {
  return {
    id: `${list} ${id}`,
    name: key ?? id,
    words: `${id} ${workflow}`,
    hint: workflow,
    icon: Activity,
    run: go(`/executions/${id}`),
  };
}

function actions(mayExecute: boolean): PaletteEntry[] {
  const { themes } = texts.nav;
  return [
    ...(mayExecute ? [{ id: "start", name: words.start, icon: Play, run: () => show({ name: "start" }) }] : []),
    { id: "copy link", name: words.copyLink, icon: Link2, run: copyLink },
    { id: "keys", name: words.keys, icon: Keyboard, keys: "?", run: () => show({ name: "keys" }) },
    { id: "light", name: words.theme(themes.light), icon: Sun, run: () => writeTheme("light") },
    { id: "dark", name: words.theme(themes.dark), icon: Moon, run: () => writeTheme("dark") },
    { id: "system", name: words.theme(themes.system), icon: Monitor, run: () => writeTheme("system") },
    { id: "sign out", name: words.signOut, icon: LogOut, run: leave },
  ];
}

function copyLink(): void {
  navigator.clipboard.writeText(window.location.href).then(
    () => toast.done(words.linkCopied),
    () => toast.failed(words.linkNotCopied),
  );
}
