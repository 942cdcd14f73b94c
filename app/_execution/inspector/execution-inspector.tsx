"use client";
/** All about the execution as a whole: its own error, input and output, what it belongs to, and the logs of all its steps. */
import Link from "next/link";
import type { ReactNode } from "react";
import { useMay } from "@/lib/client/permissions";
import { inspectorTexts as words } from "@/lib/client/texts/inspector";
import type { Execution } from "@/lib/contract/executions";
import { isClosed } from "@/lib/core/execution/statuses";
import { CopyButton } from "../../_ui/copy-button";
import { type Tab, Tabs } from "../../_ui/tabs";
import type { Snapshot } from "../execution-feed";
import { stepKey } from "../timeline-model";
import { ChildrenList } from "./children-list";
import { ExecutionConfiguration } from "./configuration";
import { Fact, Facts, TabBody } from "./fact";
import { LogsView } from "./logs-view";
import { useTab } from "./use-tab";
import { CarriedView, ErrorView } from "./values";

type TabName = "summary" | "logs" | "children";
const TABS: readonly TabName[] = ["summary", "logs", "children"];
const NO_FILTER = {};

export function ExecutionInspector({
  execution,
  snapshot,
  onSelect,
}: {
  execution: Execution;
  snapshot: Snapshot;
  onSelect: (step: string) => void;
}) {
  const [wanted, setTab] = useTab(TABS);
  // Whoever reads a file has no server to ask for what lies beside the history.
  const mayAsk = useMay("read");
  const hasChildren = mayAsk && execution.children !== null;
  const live = snapshot.at === null;
  const tabs: Tab<TabName>[] = [
    tab("summary", <Summary execution={execution} snapshot={snapshot} />),
    ...(mayAsk
      ? [
          tab(
            "logs",
            <LogsView
              executionId={execution.id}
              filter={NO_FILTER}
              place={null}
              attempts={[]}
              attempt={null}
              onAttempt={() => {}}
              onSelect={onSelect}
              follows={live && !isClosed(execution)}
              until={live ? null : snapshot.timeline.lastAt}
            />,
          ),
        ]
      : []),
    ...(hasChildren ? [tab("children", <ChildrenList executionId={execution.id} />)] : []),
  ];
  const open = tabs.some(({ name }) => name === wanted) ? wanted : "summary";
  return <Tabs label={words.tabsLabel} tabs={tabs} open={open} onOpen={setTab} />;
}

function tab(name: TabName, content: ReactNode): Tab<TabName> {
  return { name, title: words.tabs[name], content };
}

function Summary({ execution, snapshot: { timeline, at, ...rest } }: { execution: Execution; snapshot: Snapshot }) {
  const { id, error, input, output, status } = execution;
  const shownOutput = timeline.output ?? (at === null && status === "completed" ? { json: output } : null);
  return (
    <TabBody label={words.tabs.summary}>
      {error && <ErrorView error={error} />}
      {shownOutput && <CarriedView executionId={id} value={shownOutput} title={words.output} />}
      <CarriedView executionId={id} value={timeline.input ?? { json: input }} title={words.input} />
      <About execution={execution} />
      <ExecutionConfiguration execution={execution} snapshot={{ timeline, at, ...rest }} />
    </TabBody>
  );
}

function About({ execution }: { execution: Execution }) {
  const { id, key, parent, forkedFrom, tags, correlationId } = execution;
  const about = words.about;
  return (
    <Facts>
      <Fact name={about.id}>
        <Copied text={id} label={about.id} />
      </Fact>
      {key !== null && (
        <Fact name={about.key}>
          <Copied text={key} label={about.key} />
        </Fact>
      )}
      {parent !== null && (
        <Fact name={about.parent}>
          <Other href={`/executions/${parent.executionId}?step=${encodeURIComponent(stepKey(parent))}`}>
            {parent.executionId}
          </Other>
        </Fact>
      )}
      {forkedFrom !== null && (
        <Fact name={about.forkedFrom}>
          <Other href={`/executions/${forkedFrom}`}>{forkedFrom}</Other>
        </Fact>
      )}
      {correlationId !== null && (
        <Fact name={about.correlation}>
          <Copied text={correlationId} label={about.correlation} />
        </Fact>
      )}
      {tags.length > 0 && <Fact name={about.tags}>{tags.join(", ")}</Fact>}
    </Facts>
  );
}

function Copied({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="min-w-0 truncate font-mono text-2xs">{text}</span>
      <CopyButton value={text} label={words.copy(label)} className="-my-1" />
    </span>
  );
}

function Other({ href, children }: { href: string; children: string }) {
  return (
    <Link prefetch={false} href={href} className="rounded-sm font-mono text-2xs break-all text-accent hover:underline">
      {children}
    </Link>
  );
}
