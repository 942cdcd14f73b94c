/** Sets what a namespace may use and how long it keeps what is over; effective here at once, elsewhere within five seconds. */
import { namespaceByName } from "@/db/queries/namespaces";
import { firstRow } from "@/db/queries/query";
import { writeNamespaceSettings } from "@/db/stores/namespace-settings";
import { CLOSED_STATUSES, type NamespaceSettings, type Retention } from "@/lib/contract/namespace-settings";
import { parseDuration } from "@/lib/core/durations";
import { done, type Outcome, type Refusal, refused } from "../outcome";
import type { Services } from "../services";
import { readNamespaceSettings } from "./namespace-settings";

/** What was set before goes with the answer, for the audit log. */
export async function setNamespaceSettings(
  { db, clock, limits }: Pick<Services, "db" | "clock" | "limits">,
  namespaceId: number,
  settings: NamespaceSettings,
): Promise<Outcome<{ before: NamespaceSettings; after: NamespaceSettings }>> {
  const errors = durationErrors(settings.retention);
  if (errors.length > 0) return refused("INVALID_REQUEST", "A retention is not a duration.", { errors });
  const before = await readNamespaceSettings(db, namespaceId);
  const retention = isKeptForEver(settings.retention) ? null : JSON.stringify(settings.retention);
  await writeNamespaceSettings(db, namespaceId, settings.limits, retention, new Date(clock.now()));
  limits.settings.forget(namespaceId);
  return done({ before, after: settings });
}

/** The namespace of that name in an organisation, unless it is being removed. */
export async function findNamespace(
  { db }: Pick<Services, "db">,
  organisationId: number,
  name: string,
): Promise<Outcome<number>> {
  const row = await firstRow(db, namespaceByName(organisationId, name));
  return row === null ? refused("NAMESPACE_NOT_FOUND") : done(row.id);
}

function durationErrors(retention: Retention): NonNullable<Refusal["errors"]> {
  return CLOSED_STATUSES.flatMap((status) => {
    const age = retention[status];
    if (age === null || parseDuration(age) !== null) return [];
    const message = "It must be a duration, such as 12h or 30d.";
    return [{ path: `/retention/${status}`, code: "DURATION", message }];
  });
}

function isKeptForEver(retention: Retention): boolean {
  return CLOSED_STATUSES.every((status) => retention[status] === null);
}
