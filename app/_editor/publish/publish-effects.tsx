"use client";
/** What a new version touches: open executions, which stay on theirs, and schedules and parents, which will start it. */
import Link from "next/link";
import type { ReactNode } from "react";
import { useSchedules } from "@/lib/client/schedules";
import { publishTexts as words } from "@/lib/client/texts/editor-publish";
import { OPEN_STATUSES, useCallers, useOpenByVersion } from "@/lib/client/workflows";
import type { WorkflowDetail } from "@/lib/contract/workflows";

export function PublishEffects({ name, workflow }: { name: string; workflow: WorkflowDetail | null }) {
  const open = useOpenByVersion(workflow);
  const schedules = useSchedules().data?.filter(
    (each) => each.workflow === name && each.version === null && !each.paused,
  );
  const { callers, isCut } = useCallers(name);
  const isNothing = open?.length === 0 && schedules?.length === 0 && callers.length === 0 && !isCut;
  return (
    <section aria-label={words.effects} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium">{words.effects}</h3>
      {isNothing && <p className="text-xs text-ink-2">{words.noEffects}</p>}
      {open !== null && open.length > 0 && (
        <Effect after={words.openStay}>
          {open.map(({ version, open: count, isCapped }) => (
            <EffectLink key={version} href={openOf(name, version)}>
              {isCapped ? words.openCapped(count, version) : words.open(count, version)}
            </EffectLink>
          ))}
        </Effect>
      )}
      {schedules !== undefined && schedules.length > 0 && (
        <Effect before={words.schedules(schedules.length)}>
          {schedules.map((schedule) => (
            <EffectLink key={schedule.id} href={`/schedules?schedule=${encodeURIComponent(schedule.id)}`}>
              {schedule.name}
            </EffectLink>
          ))}
        </Effect>
      )}
      {callers.length > 0 && (
        <Effect before={words.callers(callers.length)}>
          {callers.map(({ workflow: caller }) => (
            <EffectLink key={caller} href={`/workflows/${encodeURIComponent(caller)}`}>
              {caller}
            </EffectLink>
          ))}
        </Effect>
      )}
      {isCut && <p className="text-2xs text-ink-3">{words.callersCut}</p>}
    </section>
  );
}

function openOf(name: string, version: number): string {
  return `/executions?workflow=${encodeURIComponent(name)}&version=${version}&status=${OPEN_STATUSES.join(",")}`;
}

function Effect({ before, after, children }: { before?: string; after?: string; children: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-0.5 text-xs text-ink-2">
      {before && <p>{before}</p>}
      {children}
      {after && <p className="text-ink-3">{after}</p>}
    </div>
  );
}

/** In a tab of its own: what one was about to publish stays open. */
function EffectLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link prefetch={false} href={href} target="_blank" className="rounded-sm text-accent hover:underline">
      {children}
    </Link>
  );
}
