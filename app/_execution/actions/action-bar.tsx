"use client";
/**
 * What one can do to the execution: the likeliest as buttons, the rest in a menu, on phones nearly all of it there. What its
 * state or one's rights do not allow is not offered. The keys do the same.
 */
import {
  Ban,
  Ellipsis,
  FileDown,
  GitCompareArrows,
  GitFork,
  Link as LinkIcon,
  type LucideIcon,
  OctagonX,
  Pause,
  PencilLine,
  Play,
  Radio,
  RotateCcw,
  ShieldCheck,
} from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useMay } from "@/lib/client/permissions";
import { useSaveFile } from "@/lib/client/portable";
import { texts } from "@/lib/client/texts";
import { actionTexts } from "@/lib/client/texts/actions";
import type { Execution } from "@/lib/contract/executions";
import type { Control } from "@/lib/core/execution/possible";
import { isClosed, isRetryable } from "@/lib/core/execution/statuses";
import { useKeys } from "../../_shell/keys";
import { Button } from "../../_ui/button";
import { Kbd } from "../../_ui/kbd";
import { useMedia, WIDE } from "../../_ui/media";
import { Menu } from "../../_ui/menu";
import type { MenuAction } from "../../_ui/menu-parts";
import { toast } from "../../_ui/toast";
import type { Snapshot } from "../execution-feed";
import { editorOf } from "../inspector/editor-link";
import { type Asked, ask, useAsked, withdraw } from "./asked";
import { canRerunFrom, usePossible } from "./use-possible";

const words = actionTexts.names;

const ActionDialogs = dynamic(() => import("./action-dialogs").then((module) => module.ActionDialogs), { ssr: false });

interface Offer {
  id: string;
  control: Control;
  name: string;
  icon: LucideIcon;
  shortcut?: string;
  asked: Asked;
  danger?: boolean;
}

export function ActionBar({
  execution,
  snapshot,
  step,
}: {
  execution: Execution;
  snapshot: Snapshot;
  /** The selected step's key. */
  step: string | null;
}) {
  const possible = usePossible(execution, snapshot);
  const asked = useAsked(execution.id);
  const wide = useMedia(WIDE, true);
  useEffect(() => withdraw, []);
  const offers = offersOf(execution, snapshot, step).filter(({ control }) => possible.has(control));
  const doIt = ({ asked }: Offer) => ask(execution.id, asked);
  useKeys(
    actionTexts.keysGroup,
    offers.flatMap((offer) =>
      offer.shortcut ? [{ keys: offer.shortcut.toLowerCase(), name: offer.name, run: () => doIt(offer) }] : [],
    ),
  );
  const shown = wide ? offers.filter(isLikely) : offers.filter(isLikely).slice(0, 1);
  const rest = offers.filter((offer) => !shown.includes(offer));
  const links = useLinks(execution, step === null ? undefined : snapshot.timeline.byKey.get(step)?.node);
  const hasMenu = rest.length + links.length > 0;
  return (
    <div className="ml-auto flex shrink-0 items-center gap-1.5">
      {shown.map((offer) => (
        <Button
          key={offer.id}
          size="sm"
          variant={offer.id === "retry" ? "solid" : "outline"}
          aria-keyshortcuts={offer.shortcut}
          onClick={() => doIt(offer)}
        >
          <offer.icon aria-hidden size={13} />
          {offer.name}
          {offer.shortcut && offer.id !== "retry" && wide && <Kbd>{offer.shortcut}</Kbd>}
        </Button>
      ))}
      {hasMenu && (
        <Menu
          trigger={
            <Button size="sm" variant="ghost" aria-label={words.more} title={words.more} className="px-1.5">
              <Ellipsis aria-hidden size={16} />
            </Button>
          }
          groups={[
            rest.filter(({ danger }) => !danger).map((offer) => itemOf(offer, doIt)),
            links,
            rest.filter(({ danger }) => danger).map((offer) => itemOf(offer, doIt)),
          ]}
        />
      )}
      {asked && <ActionDialogs asked={asked} execution={execution} snapshot={snapshot} />}
    </div>
  );
}

function itemOf(offer: Offer, doIt: (offer: Offer) => void): MenuAction {
  const { name, icon, danger = false, shortcut } = offer;
  return { name, icon, danger, ...(shortcut && { shortcut }), onSelect: () => doIt(offer) };
}

const LIKELY: ReadonlySet<string> = new Set(["retry", "rerun", "resume", "cancel", "fork"]);

function isLikely({ id }: Offer): boolean {
  return LIKELY.has(id);
}

/** In the order in which they are likely. */
function offersOf(execution: Execution, snapshot: Snapshot, step: string | null): Offer[] {
  const row = step === null ? undefined : snapshot.timeline.byKey.get(step);
  const from = row && row.index === null && canRerunFrom(snapshot, row.node) ? row.node : null;
  const signal = snapshot.state?.waiters[0]?.signal ?? null;
  const retry: Asked = { action: "retry", fromNode: isRetryable(execution) ? from : null };
  const fork: Asked =
    row && snapshot.at === null
      ? { action: "fork", at: row.firstSequence, step: row.key }
      : { action: "fork", at: null, step: null };
  return [
    offer("retry", "retry", words.retry, RotateCcw, "R", retry),
    // What neither failed nor is open has a second life as a copy of its beginning alone.
    ...(isClosed(execution) && !isRetryable(execution)
      ? [offer("rerun", "fork", words.rerun, RotateCcw, "R", { action: "fork", at: 1, step: null })]
      : []),
    offer("resume", "resume", words.resume, Play, "P", { action: "resume" }),
    offer("cancel", "cancel", words.cancel, Ban, "C", { action: "cancel" }),
    offer("fork", "fork", snapshot.at === null ? words.fork : words.forkFrom, GitFork, "F", fork),
    offer("pause", "pause", words.pause, Pause, "P", { action: "pause" }),
    offer("signal", "signal", words.signal, Radio, "S", { action: "signal", name: signal }),
    {
      id: "terminate",
      control: "terminate",
      name: words.terminate,
      icon: OctagonX,
      asked: { action: "terminate" },
      danger: true,
    },
  ];
}

function offer(id: string, control: Control, name: string, icon: LucideIcon, shortcut: string, asked: Asked): Offer {
  return { id, control, name, icon, shortcut, asked };
}

/** What changes nothing. Who sees the execution in a file has no server to ask, and no right to. */
function useLinks({ id, workflow }: Execution, node: string | undefined): MenuAction[] {
  const router = useRouter();
  const file = useSaveFile(id);
  const mayRead = useMay("read");
  const mayVerify = useMay("execute");
  if (!mayRead) return [];
  const save = () => file.mutate(undefined, { onError: (error) => toast.failed(texts.errors.sentence(error)) });
  return [
    { name: words.compare, icon: GitCompareArrows, onSelect: () => router.push(`/executions/${id}/compare`) },
    { name: words.edit, icon: PencilLine, onSelect: () => router.push(editorOf(workflow, node)) },
    { name: words.export, icon: FileDown, onSelect: save },
    {
      name: words.copyLink,
      icon: LinkIcon,
      onSelect: () => {
        navigator.clipboard?.writeText(window.location.href).then(() => toast.done(actionTexts.linkCopied));
      },
    },
    ...(mayVerify ? [{ name: words.verify, icon: ShieldCheck, onSelect: () => ask(id, { action: "verify" }) }] : []),
  ];
}
