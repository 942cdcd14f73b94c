"use client";
/** The keys of this namespace: what each may do, when it was used, and how it ends. */
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useNow } from "@/lib/client/clock";
import { useApiKeys } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import { peopleTexts } from "@/lib/client/texts/people";
import type { ApiKey, ApiKeyMade } from "@/lib/contract/api-keys";
import type { Scope } from "@/lib/contract/permissions";
import type { Column } from "../_rooms/simple-table";
import { Button } from "../_ui/button";
import { Dialog } from "../_ui/dialog";
import { Empty } from "../_ui/empty";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import { CreateKeyDialog, RevokeKeyDialog, RotateKeyDialog } from "./key-dialogs";
import { Bar, List } from "./list";
import { ShownOnce } from "./shown-once";

const words = peopleTexts.settings.keys;

type Asked = { what: "create" } | { what: "rotate" | "revoke"; key: ApiKey } | { what: "made"; made: ApiKeyMade };

export function KeysRoom({ namespace }: { namespace: string }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const shown = (made: ApiKeyMade) => setAsked({ what: "made", made });
  const columns: Column<ApiKey>[] = [
    { name: words.columns.key, cell: (key) => <Key apiKey={key} /> },
    { name: words.columns.scopes, extra: true, cell: (key) => <Rights {...key} /> },
    {
      name: words.columns.used,
      extra: true,
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="text-ink-3">{words.never}</span>
        ) : (
          <RelativeTime at={lastUsedAt} className="text-ink-2" />
        ),
    },
    { name: words.columns.expires, extra: true, cell: (key) => <End {...key} /> },
    {
      name: words.columns.actions,
      isNameHidden: true,
      numeric: true,
      cell: (key) =>
        key.revokedAt === null && (
          <span className="inline-flex gap-1">
            <Button
              size="sm"
              variant="ghost"
              aria-label={words.rotateOf(key.name)}
              onClick={() => setAsked({ what: "rotate", key })}
            >
              {words.rotate}
            </Button>
            <Button
              size="sm"
              variant="ghost"
              aria-label={words.revokeOf(key.name)}
              onClick={() => setAsked({ what: "revoke", key })}
            >
              {words.revoke}
            </Button>
          </span>
        ),
    },
  ];
  return (
    <ScrollArea label={words.label} className="flex flex-col">
      <Bar>
        <Button size="sm" variant="solid" onClick={() => setAsked({ what: "create" })}>
          <Plus aria-hidden size={13} />
          {words.create}
        </Button>
      </Bar>
      <List
        label={words.label}
        query={useApiKeys()}
        columns={columns}
        keyOf={({ id }) => id}
        empty={
          <Empty icon={KeyRound} title={words.noneTitle}>
            <p>{words.noneHint}</p>
          </Empty>
        }
      />
      {asked?.what === "create" && <CreateKeyDialog namespace={namespace} onClose={close} onMade={shown} />}
      {asked?.what === "rotate" && <RotateKeyDialog apiKey={asked.key} onClose={close} onMade={shown} />}
      {asked?.what === "revoke" && <RevokeKeyDialog apiKey={asked.key} onClose={close} />}
      {asked?.what === "made" && (
        <Dialog open onOpenChange={close} title={words.madeTitle} description={words.made} wide>
          <div className="px-5 py-4">
            <ShownOnce value={asked.made.secret} label={texts.common.copyKey} />
          </div>
          <div className="flex justify-end border-t px-5 py-3">
            <Button variant="solid" onClick={close}>
              {words.done}
            </Button>
          </div>
        </Dialog>
      )}
    </ScrollArea>
  );
}

function Key({ apiKey: { name, prefix } }: { apiKey: ApiKey }) {
  return (
    <span className="flex min-w-0 flex-col py-1">
      <span className="font-medium break-all">{name}</span>
      <span className="font-mono text-2xs text-ink-3">{prefix}…</span>
    </span>
  );
}

function Rights({ scopes, queues, workflows }: ApiKey) {
  const limits = [...(queues ?? []), ...(workflows ?? [])];
  return (
    <span className="flex flex-wrap items-center gap-1">
      {scopes.map((scope) => (
        <span
          key={scope}
          title={peopleTexts.scopes[scope as Scope]}
          className="h-5 rounded-sm bg-active px-1.5 text-2xs leading-5 text-ink-2"
        >
          {scope}
        </span>
      ))}
      {limits.length > 0 && (
        <span title={limits.join(", ")} className="max-w-48 truncate font-mono text-2xs text-ink-3">
          {words.limits(limits.join(", "))}
        </span>
      )}
    </span>
  );
}

function End({ expiresAt, revokedAt }: ApiKey) {
  const now = useNow(60_000);
  if (revokedAt !== null) return <span className="text-danger">{words.revoked}</span>;
  if (expiresAt === null) return <span className="text-ink-3">{words.noEnd}</span>;
  if (Date.parse(expiresAt) <= now) return <span className="text-danger">{words.expired}</span>;
  return <RelativeTime at={expiresAt} className="text-ink-2" />;
}
