"use client";
/**
 * The views above the list: those that everyone has, those that people keep. One that was changed since it was opened says so,
 * and can be kept as it is now or opened anew.
 */
import { Bookmark, EllipsisVertical, Users } from "lucide-react";
import { lazy, type MouseEvent, type ReactNode, Suspense, useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { useSavedViews, useViewChanges } from "@/lib/client/saved-views";
import { texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { SavedView } from "@/lib/contract/saved-views";
import { classNames } from "../_ui/class-names";
import { Menu } from "../_ui/menu";
import { toast } from "../_ui/toast";
import type { ColumnName } from "./columns";
import { DEFAULT_VIEWS } from "./default-views";
import { addressOf, canonicalQuery, type ListView, queryOf, readView } from "./list-view";

const words = executionsTexts.views;
const ViewDialog = lazy(() => import("./view-dialog"));

interface Props {
  view: ListView;
  /** Those that are shown, whoever chose them: a kept view shows the same to all. */
  columns: readonly ColumnName[];
  onOpen: (view: ListView) => void;
}

export function ViewTabs({ view, columns, onOpen }: Props) {
  const saved = useSavedViews("executions").data?.items ?? [];
  const { update } = useViewChanges("executions");
  const mayAdminister = useMay("administer");
  const [asked, setAsked] = useState<"new" | { view: SavedView; to: "rename" | "remove" } | null>(null);
  const query = queryOf(view);
  const origin = saved.find(({ id }) => id === view.from);
  const open = (view: { id: string; query: string }, isSaved: boolean) =>
    onOpen({ ...readView(new URLSearchParams(view.query)), from: isSaved ? view.id : null });
  const isDefault = DEFAULT_VIEWS.some((each) => canonicalQuery(each.query) === query);
  const current = origin ?? saved.find((each) => canonicalQuery(each.query) === query);
  const isEdited = origin !== undefined && canonicalQuery(origin.query) !== query;
  const mayChange = (of: SavedView) => of.isMine || (of.isShared && mayAdminister);

  function saveChanges(of: SavedView) {
    update.mutate(
      { id: of.id, query: queryOf({ ...view, columns }) },
      {
        onSuccess: (changed) => {
          open(changed, true);
          toast.done(words.saved);
        },
        onError: (error) => toast.failed(texts.errors.sentence(error)),
      },
    );
  }

  return (
    <nav
      aria-label={words.label}
      className="flex h-10 shrink-0 items-center gap-0.5 overflow-x-auto border-b px-2 md:px-4"
    >
      {DEFAULT_VIEWS.map((each) => (
        <ViewTab
          key={each.id}
          query={each.query}
          isCurrent={!current && canonicalQuery(each.query) === query}
          onOpen={() => open(each, false)}
        >
          {each.name}
        </ViewTab>
      ))}
      {saved.length > 0 && <span aria-hidden className="mx-1.5 h-4 w-px shrink-0 bg-line-strong" />}
      {saved.map((each) => (
        <span key={each.id} className="flex shrink-0 items-center">
          <ViewTab
            query={addressOf({ ...readView(new URLSearchParams(each.query)), from: each.id })}
            isCurrent={each === current}
            onOpen={() => open(each, true)}
          >
            {each.isShared && <Users aria-label={words.shared} size={12} className="text-ink-3" />}
            {each.name}
            {each === current && isEdited && <span className="font-normal text-ink-3">{words.edited}</span>}
          </ViewTab>
          {each === current && (
            <Menu
              align="start"
              trigger={
                <button
                  type="button"
                  aria-label={words.menuOf(each.name)}
                  className="inline-flex size-6 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
                >
                  <EllipsisVertical aria-hidden size={13} />
                </button>
              }
              groups={[
                isEdited
                  ? [
                      ...(mayChange(each) ? [{ name: words.saveChanges, onSelect: () => saveChanges(each) }] : []),
                      { name: words.saveAsNew, onSelect: () => setAsked("new") },
                      { name: words.reset, onSelect: () => open(each, true) },
                    ]
                  : [],
                mayChange(each)
                  ? [
                      { name: words.rename, onSelect: () => setAsked({ view: each, to: "rename" }) },
                      {
                        name: words.remove,
                        danger: true,
                        onSelect: () => setAsked({ view: each, to: "remove" }),
                      },
                    ]
                  : [{ name: words.saveAsNew, onSelect: () => setAsked("new") }],
              ]}
            />
          )}
        </span>
      ))}
      {!isDefault && !current && (
        <button
          type="button"
          onClick={() => setAsked("new")}
          className="ml-1 inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs text-accent focus-inset hover:bg-hover"
        >
          <Bookmark aria-hidden size={13} />
          {words.save}
        </button>
      )}
      {asked && (
        <Suspense>
          <ViewDialog
            asked={asked}
            query={queryOf({ ...view, columns })}
            onClose={() => setAsked(null)}
            onSaved={(kept) => open(kept, true)}
            onRemoved={() => onOpen({ ...view, from: null })}
          />
        </Suspense>
      )}
    </nav>
  );
}

/** A link, so that it can be opened elsewhere; here it changes the address without leaving the page. */
function ViewTab({
  query,
  isCurrent,
  onOpen,
  children,
}: {
  query: string;
  isCurrent: boolean;
  onOpen: () => void;
  children: ReactNode;
}) {
  function onClick(event: MouseEvent) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen();
  }
  return (
    <a
      href={query ? `/executions?${query}` : "/executions"}
      aria-current={isCurrent ? "page" : undefined}
      onClick={onClick}
      className={classNames(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs font-medium focus-inset",
        isCurrent ? "bg-active text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
      )}
    >
      {children}
    </a>
  );
}
