"use client";
/** Where one is signed in, and the end of it. */
import { endOtherSessions, endSession, type Session } from "@/lib/client/people";
import { useRefreshSessions, useSessions } from "@/lib/client/settings";
import { peopleTexts } from "@/lib/client/texts/people";
import { type Column, SimpleTable } from "../_rooms/simple-table";
import { Button } from "../_ui/button";
import { Failure } from "../_ui/failure";
import { RelativeTime } from "../_ui/time";
import { toast } from "../_ui/toast";

const words = peopleTexts.settings.profile;

export function Sessions({ current }: { current: string }) {
  const query = useSessions();
  const refresh = useRefreshSessions();
  if (query.isError && query.data === undefined) return <Failure error={query.error} onRetry={() => query.refetch()} />;

  async function end(work: Promise<{ ok: boolean }>) {
    const ended = await work;
    if (!ended.ok) toast.failed(peopleTexts.account.refusal(1));
    refresh();
  }

  const columns: Column<Session>[] = [
    {
      name: words.columns.agent,
      cell: ({ userAgent, id }) => (
        <span title={userAgent ?? undefined}>
          {browserOf(userAgent)}
          {id === current && <span className="ml-2 text-xs text-ink-3">{words.thisOne}</span>}
        </span>
      ),
    },
    { name: words.columns.address, extra: true, cell: ({ ipAddress }) => ipAddress || "–" },
    { name: words.columns.last, extra: true, cell: ({ updatedAt }) => <RelativeTime at={updatedAt} /> },
    {
      name: words.columns.end,
      isNameHidden: true,
      numeric: true,
      cell: ({ id, token, userAgent }) =>
        id !== current && (
          <Button
            size="sm"
            variant="ghost"
            aria-label={words.endSession(browserOf(userAgent))}
            onClick={() => end(endSession(token))}
          >
            {words.end}
          </Button>
        ),
    },
  ];
  return (
    <div className="-mx-4 md:-mx-6">
      <SimpleTable label={words.sessionsLabel} columns={columns} items={query.data} keyOf={({ id }) => id} />
      {(query.data?.length ?? 0) > 1 && (
        <Button className="mx-4 mt-4 md:mx-6" onClick={() => end(endOtherSessions())}>
          {words.endOthers}
        </Button>
      )}
    </div>
  );
}

const BROWSERS = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["Firefox/", "Firefox"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
] as const;
const SYSTEMS = ["Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux"];

/** As people call it: `Firefox, Linux`. */
function browserOf(userAgent: string | null | undefined): string {
  const browser = BROWSERS.find(([mark]) => userAgent?.includes(mark))?.[1];
  const system = SYSTEMS.find((name) => userAgent?.includes(name));
  return [browser, system].filter(Boolean).join(", ") || words.unknownAgent;
}
