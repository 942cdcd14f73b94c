"use client";
/** The parts of app/_ui and the tables, each in all its states. The words are samples, and no texts of any room. */
import { Copy, Inbox, MoreHorizontal, Play, Trash2 } from "lucide-react";
import { type ReactNode, useRef, useState, useSyncExternalStore } from "react";
import { ApiError } from "@/lib/client/api";
import { duration, number } from "@/lib/client/format";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import { EndlessTable } from "../../../_rooms/endless-table";
import { SimpleTable } from "../../../_rooms/simple-table";
import { readTheme, subscribeTheme, type ThemeChoice, writeTheme } from "../../../_shell/theme";
import { Breadcrumbs } from "../../../_ui/breadcrumbs";
import { Button, type ButtonProps } from "../../../_ui/button";
import { Chart, ChartSkeleton } from "../../../_ui/chart";
import type { ChartSeries } from "../../../_ui/chart-model";
import { Checkbox } from "../../../_ui/checkbox";
import { Combobox } from "../../../_ui/combobox";
import { CommandLine } from "../../../_ui/command-line";
import { CopyButton } from "../../../_ui/copy-button";
import { Dialog } from "../../../_ui/dialog";
import { Empty } from "../../../_ui/empty";
import { Failure } from "../../../_ui/failure";
import { Field, Input } from "../../../_ui/field";
import { useIsDrawn } from "../../../_ui/is-drawn";
import { JsonView } from "../../../_ui/json-view";
import { Kbd } from "../../../_ui/kbd";
import { Menu } from "../../../_ui/menu";
import { ProgressBar } from "../../../_ui/progress-bar";
import { SchemaForm } from "../../../_ui/schema-form";
import { ScrollArea } from "../../../_ui/scroll-area";
import { Segments } from "../../../_ui/segments";
import { Skeleton } from "../../../_ui/skeleton";
import { Status } from "../../../_ui/status";
import { Tabs } from "../../../_ui/tabs";
import { Elapsed, RelativeTime } from "../../../_ui/time";
import { toast } from "../../../_ui/toast";

const nothing = () => {};
const STEP_STATUSES = ["pending", "retrying", "skipped"] as const;
const THEMES = (["light", "dark", "system"] as const).map((value) => ({ value, name: texts.nav.themes[value] }));

export function Components() {
  // Samples that tick or use storage are drawn by scripts alone.
  if (!useIsDrawn()) return null;
  return (
    <main className="flex h-dvh flex-col">
      <header className="flex h-[52px] shrink-0 items-center justify-between border-b px-6">
        <h1 className="text-base font-semibold">Components</h1>
        <ThemeSwitch />
      </header>
      <ScrollArea label="Components" className="px-6 pb-16">
        <Buttons />
        <Statuses />
        <Fields />
        <Overlays />
        <Ways />
        <Waiting />
        <Tables />
        <Charts />
        <Values />
        <States />
      </ScrollArea>
    </main>
  );
}

function ThemeSwitch() {
  const theme = useSyncExternalStore(subscribeTheme, readTheme, () => "system" as ThemeChoice);
  return <Segments label={texts.nav.theme} value={theme} options={THEMES} onChange={writeTheme} />;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-b py-6">
      <h2 className="mb-4 text-base font-semibold">{title}</h2>
      <div className="flex flex-col gap-4">{children}</div>
    </section>
  );
}

const Row = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-3">{children}</div>
);

const STATES: [string, ButtonProps][] = [
  ["At rest", {}],
  ["Busy", { busy: true }],
  ["Disabled", { disabled: true }],
  ["Small", { size: "sm" }],
];

function Buttons() {
  return (
    <Part title="Buttons">
      {(["solid", "outline", "ghost", "danger"] as const).map((variant) => (
        <Row key={variant}>
          {STATES.map(([name, props]) => (
            <Button key={name} variant={variant} {...props}>
              <Play aria-hidden size={13} />
              {name}
            </Button>
          ))}
          <Button variant={variant} size="icon" aria-label={`${variant} with an icon alone`}>
            <Play aria-hidden size={14} />
          </Button>
        </Row>
      ))}
      <Row>
        <CopyButton value="exe_1" label="Copy id" />
        <Kbd>/</Kbd>
      </Row>
    </Part>
  );
}

function Statuses() {
  const all = [...EXECUTION_STATUSES, ...STEP_STATUSES];
  return (
    <Part title="Statuses">
      <Row>
        {all.map((status) => (
          <Status key={status} status={status} />
        ))}
      </Row>
      <Row>
        {all.map((status) => (
          <Status key={status} status={status} badge />
        ))}
      </Row>
    </Part>
  );
}

const SCHEMA = {
  type: "object",
  required: ["amount"],
  properties: { amount: { type: "number", title: "Amount" }, note: { type: "string" }, urgent: { type: "boolean" } },
};

function Fields() {
  const [ticked, setTicked] = useState<boolean | "mixed">("mixed");
  const [answer, setAnswer] = useState<Parameters<typeof SchemaForm>[0]["answer"]>({});
  return (
    <Part title="Fields">
      <div className="grid max-w-3xl gap-4 sm:grid-cols-3">
        <Field label="At rest" hint="A hint says what is expected.">
          {(field) => <Input {...field} placeholder="Placeholder" />}
        </Field>
        <Field label="Wrong" error="Says what is wrong, in the place of the hint.">
          {(field) => <Input {...field} defaultValue="12 apples" />}
        </Field>
        <Field label="Optional" optional={texts.common.optional}>
          {(field) => <Input {...field} disabled defaultValue="Disabled" />}
        </Field>
      </div>
      <Row>
        <Checkbox checked={ticked} label="Tick" onChange={setTicked} />
        <Checkbox checked label="Ticked" onChange={nothing} />
        <Checkbox checked={false} label="Not ticked" onChange={nothing} />
      </Row>
      <div className="max-w-sm">
        <SchemaForm schema={SCHEMA} answer={answer} onChange={setAnswer} showErrors label="By a JSON Schema" />
      </div>
    </Part>
  );
}

const OPTIONS = ["order_fulfilment", "user_onboarding", "nightly_export"].map((value) => ({ value, label: value }));
const ACTIONS = [
  [
    { name: "Copy id", icon: Copy, onSelect: nothing, shortcut: "C" },
    { name: "Disabled", onSelect: nothing, disabled: true },
  ],
  [{ name: "Terminate", icon: Trash2, onSelect: nothing, danger: true }],
];

function Overlays() {
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Part title="Dialogs, menus, toasts">
      <Row>
        <Button onClick={() => setIsOpen(true)}>Dialog</Button>
        <Menu
          align="start"
          groups={ACTIONS}
          trigger={
            <Button size="icon" aria-label="Menu">
              <MoreHorizontal aria-hidden size={15} />
            </Button>
          }
        />
        <Combobox
          options={OPTIONS}
          value={chosen}
          onChange={setChosen}
          placeholder="Find a workflow"
          empty="No workflow has this name."
          trigger={<Button>{chosen ?? "Combobox"}</Button>}
        />
        <Button onClick={() => toast.done("Execution started", { name: "Open it", href: "/executions" })}>Done</Button>
        <Button onClick={() => toast.failed("The server does not answer.")}>Failed</Button>
        <Button onClick={() => toast.told("Three executions have changed.")}>Told</Button>
      </Row>
      <Dialog open={isOpen} onOpenChange={setIsOpen} title="Cancel this execution?" description="It closes at once.">
        <div className="flex justify-end gap-2 border-t px-5 py-3">
          <Button variant="ghost" onClick={() => setIsOpen(false)}>
            Keep it running
          </Button>
          <Button variant="danger" onClick={() => setIsOpen(false)}>
            Cancel execution
          </Button>
        </div>
      </Dialog>
    </Part>
  );
}

function Ways() {
  const [open, setOpen] = useState<"open" | "closed">("open");
  const [segment, setSegment] = useState<"1h" | "24h">("24h");
  return (
    <Part title="Breadcrumbs, tabs, segments">
      <Breadcrumbs
        trail={[
          { href: "/executions", name: "Executions" },
          { href: "/workflows", name: "order_fulfilment" },
        ]}
      />
      <Tabs
        label="Tabs"
        open={open}
        onOpen={setOpen}
        tabs={[
          { name: "open", title: "Open", count: 12, content: <p className="p-4">What is open.</p> },
          { name: "closed", title: "Closed", content: <p className="p-4">What is closed.</p> },
        ]}
      />
      <Row>
        <Segments
          label="Segments"
          value={segment}
          onChange={setSegment}
          options={[
            { value: "1h", name: "1 h" },
            { value: "24h", name: "24 h", count: 3 },
          ]}
        />
      </Row>
    </Part>
  );
}

function Waiting() {
  const [since] = useState(() => new Date().toISOString());
  return (
    <Part title="Progress, times, skeletons">
      <div className="flex max-w-md flex-col gap-3">
        <ProgressBar label="None" done={0} total={8} />
        <ProgressBar label="Some" done={3} total={8} />
        <ProgressBar label="All" done={8} total={8} status="completed" />
      </div>
      <Row>
        <RelativeTime at={since} />
        <Elapsed from={since} to={null} />
      </Row>
      <Row>
        <Skeleton className="h-3.5 w-24" />
        <Skeleton className="h-3.5 w-56" />
      </Row>
    </Part>
  );
}

interface Item {
  id: string;
  name: string;
  ms: number;
}

const itemsOf = (length: number): Item[] =>
  Array.from({ length }, (_, index) => ({ id: `exe_${index}`, name: `order ${index}`, ms: 40 + index * 137 }));
const FEW = itemsOf(3);
const MANY = itemsOf(5000);
const COLUMNS = [
  { name: "Name", cell: ({ name }: Item) => name },
  { name: "Duration", cell: ({ ms }: Item) => duration(ms), numeric: true },
];

function Tables() {
  return (
    <Part title="Tables">
      {[undefined, [], FEW].map((items) => (
        <SimpleTable
          key={items?.length ?? "loading"}
          label={`Simple table, ${items ? items.length : "loading"}`}
          columns={COLUMNS}
          items={items}
          keyOf={({ id }) => id}
        />
      ))}
      <ManyRows />
    </Part>
  );
}

function ManyRows() {
  const scroller = useRef<HTMLElement>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  return (
    <ScrollArea ref={scroller} label="Endless table" className="h-72 flex-none border">
      <EndlessTable
        label="Endless table"
        scroller={scroller}
        columns={COLUMNS.map((column) => ({ ...column, width: "minmax(0, 1fr)" }))}
        items={MANY}
        keyOf={({ id }) => id}
        narrow={({ name }) => name}
        onEnd={nothing}
        isComplete
        end={`${number(MANY.length)} rows`}
        ticks={{
          ticked,
          onTick: (key, isTicked) =>
            setTicked(new Set(isTicked ? [...ticked, key] : [...ticked].filter((each) => each !== key))),
          onTickAll: (all) => setTicked(new Set(all ? MANY.map(({ id }) => id) : [])),
          labelOf: (key) => `Tick ${key}`,
          labelOfAll: "Tick all",
        }}
      />
    </ScrollArea>
  );
}

const HOUR_MS = 3_600_000;
const AT = Array.from({ length: 24 }, (_, hour) => Date.UTC(2026, 10, 27) + hour * HOUR_MS);
const wave = (height: number, phase: number) =>
  AT.map((_, hour) => Math.round(height * (1.2 + Math.sin(hour / 3 + phase))));
const SERIES: ChartSeries[] = [
  { name: "Started", status: "running", kind: "line", values: wave(40, 0.3), href: () => "/executions" },
  { name: "Completed", status: "completed", kind: "bars", values: wave(36, 0), href: () => "/executions" },
  { name: "Failed", status: "failed", kind: "hatched", values: wave(4, 2), href: () => "/executions" },
];
const LATENCIES: ChartSeries[] = [
  { name: "p50", status: "running", kind: "line", values: wave(900, 1) },
  { name: "p95", status: "waiting", kind: "dashed", values: wave(4000, 1).map((ms, hour) => (hour === 9 ? null : ms)) },
];

function Charts() {
  const shared = { at: AT, bucketMs: HOUR_MS, sync: "components", summary: "Samples.", empty: "Nothing ran." };
  return (
    <Part title="Charts">
      <div className="grid gap-8 md:grid-cols-2">
        <Chart
          {...shared}
          title="Bars and a line"
          series={SERIES}
          totals={[
            { series: "Started", value: "1,152", compared: "12 % more" },
            { series: "Completed", value: "1,037", compared: "as many" },
            { series: "Failed", value: "115", compared: "3 times as many" },
          ]}
          unit="count"
          format={number}
        />
        <Chart
          {...shared}
          title="Lines with a gap"
          series={LATENCIES}
          totals={[{ series: "p50", value: "1.08 s", compared: "10 % faster" }]}
          unit="duration"
          format={(ms) => duration(ms)}
        />
        <Chart
          {...shared}
          title="Nothing"
          series={SERIES.map((each) => ({ ...each, values: AT.map(() => 0) }))}
          totals={[{ series: "Started", value: "0" }]}
          unit="count"
          format={number}
        />
        <ChartSkeleton title="Loading" />
      </div>
    </Part>
  );
}

const VALUE = {
  order: "lamp-1",
  total: 240,
  paid: true,
  note: null,
  lines: Array.from({ length: 200 }, (_, line) => ({ line, sku: `sku-${line}` })),
  text: "A long text. ".repeat(80),
};

function Values() {
  return (
    <Part title="Values and commands">
      <JsonView title="Input" value={VALUE} />
      <CommandLine command="npx tsx examples/first-order/worker.ts" />
    </Part>
  );
}

function States() {
  return (
    <Part title="Empty and failed">
      <div className="grid gap-4 md:grid-cols-2">
        <Empty icon={Inbox} title="No executions yet">
          <p>An execution is one run of a workflow. Start one, or start a worker that does.</p>
        </Empty>
        <Failure error={new ApiError("Try again in a moment.", 503, null, "req_01JX2V")} onRetry={nothing} />
      </div>
    </Part>
  );
}
