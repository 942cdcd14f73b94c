"use client";
/** How the timeline is shown: what is searched, errors only, the critical path, idle time, clock, zoom. */
import {
  Clock,
  FoldHorizontal,
  type LucideIcon,
  Maximize2,
  Minus,
  OctagonAlert,
  Plus,
  Search,
  Spline,
} from "lucide-react";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import { classNames } from "../_ui/class-names";
import type { TimelineSettings } from "./use-timeline-settings";

interface ToolbarProps {
  settings: TimelineSettings;
  onChange: (change: Partial<TimelineSettings>) => void;
  /** Whether idle time is drawn short now; null: there is none worth it. */
  short: boolean | null;
  onShort: (short: boolean) => void;
  zoomed: boolean;
  onZoom: (factor: number | null) => void;
}

export function TimelineToolbar({ settings, onChange, short, onShort, zoomed, onZoom }: ToolbarProps) {
  return (
    <div
      role="toolbar"
      aria-label={words.toolbar}
      className="flex h-9 shrink-0 items-center gap-1 overflow-x-auto border-b pr-2 md:pr-4"
    >
      <FindStep value={settings.find} onChange={(find) => onChange({ find })} />
      <Toggle
        icon={OctagonAlert}
        name={words.errorsOnly}
        on={settings.errors}
        onChange={(errors) => onChange({ errors })}
      />
      <Toggle
        icon={Spline}
        name={words.path}
        title={words.pathTitle}
        on={settings.path}
        onChange={(path) => onChange({ path })}
      />
      {short !== null && <Toggle icon={FoldHorizontal} name={words.foldIdle} on={short} onChange={onShort} />}
      <Toggle icon={Clock} name={words.clock} on={settings.clock} onChange={(clock) => onChange({ clock })} />
      <span className="ml-auto flex shrink-0 items-center pl-2">
        <Tool icon={Minus} name={words.zoomOut} shortcut="-" disabled={!zoomed} onClick={() => onZoom(2)} />
        <Tool icon={Plus} name={words.zoomIn} shortcut="+" onClick={() => onZoom(0.5)} />
        <Tool icon={Maximize2} name={words.zoomReset} shortcut="0" disabled={!zoomed} onClick={() => onZoom(null)} />
      </span>
    </div>
  );
}

function FindStep({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <span className="relative flex h-full w-[132px] shrink-0 items-center border-r md:w-[200px]">
      <Search aria-hidden size={12} className="pointer-events-none absolute left-4 text-ink-3 md:left-6" />
      <input
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-full w-full min-w-0 bg-transparent pr-2 pl-9 text-xs focus-inset md:pl-11"
      />
    </span>
  );
}

interface ToggleProps {
  icon: LucideIcon;
  name: string;
  title?: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

/** Its name is read where there is room, and always said. */
function Toggle({ icon: Icon, name, title = name, on, onChange }: ToggleProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-label={name}
      title={title}
      onClick={() => onChange(!on)}
      className={classNames(
        "inline-flex h-6 shrink-0 items-center gap-1.5 rounded-sm px-1.5 text-xs focus-inset hover:bg-hover",
        on ? "bg-active text-ink" : "text-ink-2",
      )}
    >
      <Icon aria-hidden size={13} className={on ? "text-ink" : "text-ink-3"} />
      <span className="hidden lg:inline">{name}</span>
    </button>
  );
}

interface ToolProps {
  icon: LucideIcon;
  name: string;
  shortcut: string;
  disabled?: boolean;
  onClick: () => void;
}

function Tool({ icon: Icon, name, shortcut, disabled = false, onClick }: ToolProps) {
  return (
    <button
      type="button"
      aria-label={name}
      title={`${name} (${shortcut})`}
      disabled={disabled}
      onClick={onClick}
      className="inline-flex size-6 items-center justify-center rounded-sm text-ink-2 focus-inset hover:bg-hover disabled:pointer-events-none disabled:opacity-40"
    >
      <Icon aria-hidden size={13} />
    </button>
  );
}
