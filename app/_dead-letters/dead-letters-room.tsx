"use client";
/** Failures that nobody has dealt with: by cause first, then one by one; retried or put aside, one or thousands at once. */
import { useMemo, useState } from "react";
import { type DeadLetterFilters, useDeadLetters } from "@/lib/client/dead-letters";
import { deadLetterTexts as words } from "@/lib/client/texts/dead-letters";
import type { DeadLetterStatus } from "@/lib/contract/dead-letters";
import { useAddress } from "../_rooms/use-address";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { Segments } from "../_ui/segments";
import { Groups } from "./groups";
import { Letters } from "./letters";
import { SettleDialog, type Settled } from "./settle-dialog";

const NAMES = ["status", "fingerprint", "code", "workflow", "letter"] as const;
const STATUSES = Object.keys(words.status) as DeadLetterStatus[];
const GROUPS = "groups";

export function DeadLettersRoom() {
  const [address, change] = useAddress(NAMES);
  const filters = useMemo(() => filtersOf(address), [address]);
  const [settled, setSettled] = useState<Settled | null>(null);
  const isNarrowed = Boolean(address.fingerprint ?? address.code ?? address.workflow);
  const view = address.status === undefined && !isNarrowed ? GROUPS : (filters.status ?? "open");
  return (
    <>
      <RoomHeader title={words.title} />
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2 md:px-6">
        <Segments
          label={words.viewLabel}
          options={[
            { value: GROUPS, name: words.groups },
            ...STATUSES.map((value) => ({ value, name: words.status[value] })),
          ]}
          value={view}
          onChange={(next) =>
            change({
              status: next === GROUPS ? undefined : next,
              letter: undefined,
              ...(next === GROUPS && { fingerprint: undefined, code: undefined, workflow: undefined }),
            })
          }
        />
        {isNarrowed && (
          <Narrowed
            filters={filters}
            onClear={() => change({ fingerprint: undefined, code: undefined, workflow: undefined })}
          />
        )}
      </div>
      {view === GROUPS ? (
        <Groups onOpen={(fingerprint) => change({ fingerprint })} onSettle={setSettled} />
      ) : (
        <Letters
          key={JSON.stringify(filters)}
          filters={filters}
          open={address.letter}
          onOpen={(letter) => change({ letter })}
          onSettle={setSettled}
        />
      )}
      {settled && <SettleDialog settled={settled} onClose={() => setSettled(null)} />}
    </>
  );
}

function filtersOf({ status, fingerprint, code, workflow }: { [name in (typeof NAMES)[number]]?: string }) {
  const known = STATUSES.find((each) => each === status) ?? "open";
  return { status: known, fingerprint, code, workflow } satisfies DeadLetterFilters;
}

function Narrowed({ filters, onClear }: { filters: DeadLetterFilters; onClear: () => void }) {
  const letters = useDeadLetters(filters, filters.fingerprint !== undefined);
  const error = letters.data?.pages[0]?.items[0]?.error;
  const what = filters.code ?? filters.workflow ?? error?.code ?? filters.fingerprint ?? "";
  return (
    <span className="flex min-w-0 items-center gap-2 text-xs text-ink-2">
      <span title={error?.message} className="truncate font-mono">
        {words.filtered(what)}
      </span>
      <Button size="sm" variant="ghost" onClick={onClear}>
        {words.clear}
      </Button>
    </span>
  );
}
