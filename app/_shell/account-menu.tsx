"use client";
/** Who is signed in; its menu is loaded when it is first wanted. */
import { ChevronsUpDown } from "lucide-react";
import { lazy, useState } from "react";
import { texts } from "@/lib/client/texts";
import { OnDemand } from "../_ui/on-demand";

const load = () => import("./account-menu-layer");
const Layer = lazy(load);

export function AccountMenu({ email, compact = false }: { email: string; compact?: boolean }) {
  const [isWanted, setWanted] = useState(false);
  const trigger = (
    <button
      type="button"
      aria-label={texts.nav.account}
      className="flex h-9 min-w-0 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover data-[state=open]:bg-hover"
    >
      <span
        aria-hidden
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-active text-2xs font-semibold text-ink-2 uppercase"
      >
        {email.slice(0, 1)}
      </span>
      {!compact && (
        <>
          <span className="min-w-0 flex-1 truncate text-xs text-ink-2">{email}</span>
          <ChevronsUpDown aria-hidden size={13} className="shrink-0 text-ink-3" />
        </>
      )}
    </button>
  );
  return (
    <OnDemand trigger={trigger} opens="menu" isWanted={isWanted} onWanted={() => setWanted(true)} load={load}>
      <Layer trigger={trigger} email={email} align={compact ? "end" : "start"} />
    </OnDemand>
  );
}
