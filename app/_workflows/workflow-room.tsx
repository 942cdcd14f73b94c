"use client";
/** One workflow: its versions, each as graph, as JSON and against another; who published it; how its executions stand. */
import { Archive, Ellipsis, GitCompareArrows, History, PencilLine, Play } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ApiError } from "@/lib/client/api";
import { useDrafts } from "@/lib/client/drafts";
import { useMay } from "@/lib/client/permissions";
import { useWorkflow, useWorkflowVersion } from "@/lib/client/queries";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import { workflowTexts as words } from "@/lib/client/texts/workflows";
import { useArchiveWorkflow } from "@/lib/client/workflows";
import type { Definition } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import type { WorkflowDetail } from "@/lib/contract/workflows";
import { isClosed } from "@/lib/core/execution/statuses";
import { drawable } from "../_execution/graph-model";
import { ViewSkeleton } from "../_execution/skeletons";
import { StartDialog } from "../_executions/start-dialog";
import { useAddress } from "../_rooms/use-address";
import { RoomHeader } from "../_shell/room-header";
import { Actor } from "../_ui/actor";
import { Button, buttonClass } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { CopyButton } from "../_ui/copy-button";
import { Failure } from "../_ui/failure";
import { FormDialog } from "../_ui/form-dialog";
import { JsonView } from "../_ui/json-view";
import { Menu } from "../_ui/menu";
import { ScrollArea } from "../_ui/scroll-area";
import { Skeleton } from "../_ui/skeleton";
import { Tabs } from "../_ui/tabs";
import { RelativeTime } from "../_ui/time";
import { toast } from "../_ui/toast";
import { DraftTag } from "./draft-tag";
import { StatusCounts } from "./status-counts";
import { VersionChanges } from "./version-changes";

const DefinitionGraph = dynamic(() => import("./definition-graph").then((module) => module.DefinitionGraph), {
  ssr: false,
  loading: () => <ViewSkeleton />,
});

const RestoreDialog = dynamic(() => import("./restore-dialog").then((module) => module.RestoreDialog), { ssr: false });

const NAMES = ["version", "view", "against", "node", "start"] as const;
const VIEWS = ["graph", "definition", "changes"] as const;

export function WorkflowRoom({ name }: { name: string }) {
  const workflow = useWorkflow(name);
  const trail = [{ href: "/workflows", name: words.title }];
  const missing = workflow.error instanceof ApiError && workflow.error.status === 404;
  return (
    <>
      <RoomHeader title={name} trail={trail}>
        {workflow.data && <Actions workflow={workflow.data} />}
      </RoomHeader>
      {workflow.isError && !workflow.data ? (
        <Failure
          error={workflow.error}
          {...(missing ? { title: words.notFound } : { onRetry: () => workflow.refetch() })}
        />
      ) : workflow.data ? (
        <Shown workflow={workflow.data} />
      ) : (
        <ViewSkeleton />
      )}
    </>
  );
}

function Actions({ workflow }: { workflow: WorkflowDetail }) {
  const [isArchiving, setArchiving] = useState(false);
  const [{ start }, change] = useAddress(NAMES);
  const mayStart = useMay("execute");
  const mayPublish = useMay("publish");
  return (
    <>
      <Link
        prefetch={false}
        href={`/workflows/${encodeURIComponent(workflow.name)}/edit`}
        className={buttonClass("outline", "sm")}
      >
        <PencilLine aria-hidden size={13} />
        {mayPublish ? words.edit : words.view}
      </Link>
      {mayStart && (
        <Button variant="solid" size="sm" onClick={() => change({ start: "now" })}>
          <Play aria-hidden size={13} fill="currentColor" />
          {words.startShort}
        </Button>
      )}
      {mayPublish && (
        <Menu
          trigger={
            <Button size="sm" aria-label={texts.nav.more}>
              <Ellipsis aria-hidden size={14} />
            </Button>
          }
          groups={[[{ name: words.archive, icon: Archive, danger: true, onSelect: () => setArchiving(true) }]]}
        />
      )}
      <StartDialog
        open={mayStart && start !== undefined}
        onOpenChange={() => change({ start: undefined })}
        workflow={workflow.name}
      />
      {isArchiving && <ArchiveDialog workflow={workflow} onClose={() => setArchiving(false)} />}
    </>
  );
}

function ArchiveDialog({ workflow: { name, counts }, onClose }: { workflow: WorkflowDetail; onClose: () => void }) {
  const archive = useArchiveWorkflow(name);
  const router = useRouter();
  const open = EXECUTION_STATUSES.reduce(
    (sum, status) => (isClosed({ status }) ? sum : sum + (counts[status] ?? 0)),
    0,
  );
  const finish = () => {
    toast.done(words.archived);
    router.push("/workflows");
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.archiveTitle(name)}
      description={words.archiveHint(open)}
      submit={words.archiveSubmit}
      danger
      busy={archive.isPending}
      error={archive.error}
      onSubmit={() => archive.mutate(undefined, { onSuccess: finish })}
    />
  );
}

function Shown({ workflow }: { workflow: WorkflowDetail }) {
  const [address, change] = useAddress(NAMES);
  const shown = workflow.versions.find(({ version }) => version === Number(address.version));
  const version = shown?.version ?? workflow.version;
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <Views workflow={workflow} version={version} address={address} change={change} />
      <aside
        aria-label={words.versions}
        className="flex shrink-0 flex-col border-t max-lg:max-h-[40%] lg:w-[300px] lg:border-t-0 lg:border-l"
      >
        <ScrollArea label={words.versions} className="flex flex-col">
          <div className="flex flex-col gap-2 border-b px-4 py-3">
            {workflow.description && <p className="text-sm text-ink-2">{workflow.description}</p>}
            <ItsDraft workflow={workflow.name} />
            <StatusCounts name={workflow.name} counts={workflow.counts} />
            <Link
              prefetch={false}
              href={`/executions?workflow=${encodeURIComponent(workflow.name)}&version=${version}`}
              className="self-start rounded-sm text-xs text-accent hover:underline"
            >
              {words.ofVersion}
            </Link>
          </div>
          <Versions
            workflow={workflow}
            shown={version}
            onShow={(next) => change({ version: next === workflow.version ? undefined : String(next) })}
            onCompare={(next) => change({ version: String(next), view: "changes", against: String(workflow.version) })}
          />
        </ScrollArea>
      </aside>
    </div>
  );
}

interface ViewsProps {
  workflow: WorkflowDetail;
  version: number;
  address: { [name in (typeof NAMES)[number]]?: string };
  change: (change: { [name in (typeof NAMES)[number]]?: string | undefined }) => void;
}

function Views({ workflow, version, address, change }: ViewsProps) {
  const view = VIEWS.find((known) => known === address.view) ?? "graph";
  const against = againstOf(workflow, version, Number(address.against));
  const loaded = useWorkflowVersion(workflow.name, version);
  const other = useWorkflowVersion(workflow.name, against ?? undefined);
  const definition = drawable(loaded.data?.definition);
  const before = drawable(other.data?.definition);
  if (loaded.isError) return <Failure error={loaded.error} onRetry={() => loaded.refetch()} />;
  if (!definition || !loaded.data) return <ViewSkeleton />;
  const compared = address.against ? before : null;
  const node = definition.nodes.find(({ id }) => id === address.node);
  return (
    <Tabs
      label={words.viewsLabel}
      className="min-w-0"
      open={view}
      onOpen={(next) => change({ view: next === "graph" ? undefined : next })}
      tabs={[
        {
          name: "graph",
          title: words.views.graph,
          content: (
            <>
              <DefinitionGraph
                definition={definition}
                hash={`${loaded.data.hash}${compared ? other.data?.hash : ""}`}
                before={compared}
                picked={node?.id}
                onPick={(id) => change({ node: id })}
              />
              {node && (
                <ScrollArea label={words.nodeOf(node.id)} className="max-h-[45%] flex-none border-t px-4 py-3 md:px-6">
                  <JsonView value={node as unknown as JsonValue} title={node.id} />
                </ScrollArea>
              )}
            </>
          ),
        },
        {
          name: "definition",
          title: words.views.definition,
          content: (
            <ScrollArea label={words.definitionOf(version)} className="px-4 py-4 md:px-6">
              <JsonView value={definition as unknown as JsonValue} title={words.definitionTitle} />
            </ScrollArea>
          ),
        },
        {
          name: "changes",
          title: words.views.changes,
          content: (
            <Changes
              workflow={workflow}
              version={version}
              against={against}
              before={before}
              after={definition}
              onAgainst={(next) => change({ against: String(next) })}
            />
          ),
        },
      ]}
    />
  );
}

/** The one asked for, else the one before; null: there is no other. */
function againstOf({ versions }: WorkflowDetail, version: number, asked: number): number | null {
  const others = versions.filter((each) => each.version !== version).map((each) => each.version);
  if (others.includes(asked)) return asked;
  return others.find((each) => each < version) ?? others[0] ?? null;
}

function Changes({
  workflow,
  version,
  against,
  before,
  after,
  onAgainst,
}: {
  workflow: WorkflowDetail;
  version: number;
  against: number | null;
  before: Definition | null;
  after: Definition;
  onAgainst: (version: number) => void;
}) {
  if (against === null) return <p className="px-4 py-4 text-sm text-ink-2 md:px-6">{words.firstVersion}</p>;
  return (
    <>
      <label className="flex h-11 shrink-0 items-center gap-2 border-b px-4 text-xs text-ink-2 md:px-6">
        {words.compareWith}
        <select
          value={against}
          onChange={({ target }) => onAgainst(Number(target.value))}
          className="h-7 rounded-md border border-line-strong bg-raised px-2 text-xs text-ink"
        >
          {workflow.versions
            .filter((each) => each.version !== version)
            .map((each) => (
              <option key={each.version} value={each.version}>
                {words.version(each.version)}
              </option>
            ))}
        </select>
      </label>
      {before ? <VersionChanges before={before} after={after} /> : <Skeleton className="m-6 h-24" />}
    </>
  );
}

/** Where somebody has drawn something that is not published. */
function ItsDraft({ workflow }: { workflow: string }) {
  const draft = useDrafts().data?.items.find((each) => each.workflow === workflow && each.isChanged);
  if (draft === undefined) return null;
  return (
    <span className="flex flex-wrap items-center gap-2 text-xs text-ink-2">
      <DraftTag draft={draft} />
      {words.draftThere(draft.baseVersion)}
    </span>
  );
}

interface VersionsProps {
  workflow: WorkflowDetail;
  shown: number;
  onShow: (version: number) => void;
  onCompare: (version: number) => void;
}

function Versions({ workflow, shown, onShow, onCompare }: VersionsProps) {
  const [restoring, setRestoring] = useState<number | null>(null);
  return (
    <>
      <h2 className="px-4 pt-3 pb-1 text-2xs text-ink-3">{words.versions}</h2>
      <ol className="flex flex-col pb-2">
        {workflow.versions.map((version) => (
          <li
            key={version.version}
            className={classNames(
              "relative flex items-start gap-3 py-2 pr-2 pl-4 hover:bg-hover",
              version.version === shown && "bg-active hover:bg-active",
            )}
          >
            <button
              type="button"
              aria-current={version.version === shown || undefined}
              onClick={() => onShow(version.version)}
              className="rounded-sm font-mono text-xs leading-5 font-medium after:absolute after:inset-0"
            >
              {words.version(version.version)}
            </button>
            <About version={version} isLatest={version.version === workflow.version} />
            <CopyButton value={version.hash} label={words.copyHash} className="relative z-10" />
            <VersionMenu
              version={version.version}
              isLatest={version.version === workflow.version}
              onCompare={() => onCompare(version.version)}
              onRestore={() => setRestoring(version.version)}
            />
          </li>
        ))}
      </ol>
      {restoring !== null && (
        <RestoreDialog workflow={workflow} version={restoring} onClose={() => setRestoring(null)} />
      )}
    </>
  );
}

function About({
  version: { publishedBy, publishedAt, note },
  isLatest,
}: {
  version: WorkflowDetail["versions"][number];
  isLatest: boolean;
}) {
  return (
    <span className="flex min-w-0 flex-1 flex-col text-2xs text-ink-3">
      {note !== null && <span className="text-xs break-words whitespace-pre-line text-ink">{note}</span>}
      <Actor actor={publishedBy} className="text-ink-2" />
      <span>
        <RelativeTime at={publishedAt} />
        {isLatest && `, ${words.latest}`}
      </span>
    </span>
  );
}

function VersionMenu({
  version,
  isLatest,
  onCompare,
  onRestore,
}: {
  version: number;
  isLatest: boolean;
  onCompare: () => void;
  onRestore: () => void;
}) {
  const mayPublish = useMay("publish");
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          size="sm"
          aria-label={words.versionMenu(version)}
          className="relative z-10 !h-6 !px-1 text-ink-3"
        >
          <Ellipsis aria-hidden size={14} />
        </Button>
      }
      groups={[
        [
          { name: words.compareShort, icon: GitCompareArrows, disabled: isLatest, onSelect: onCompare },
          ...(mayPublish ? [{ name: words.restoreShort, icon: History, onSelect: onRestore }] : []),
        ],
      ]}
    />
  );
}
