/** Destinations, made and changed. A secret is shown where it is made and can be derived again, but is never read back. */
import { type DestinationRow, destinationById } from "@/db/queries/alerts";
import { firstRow } from "@/db/queries/query";
import { deleteDestination, insertDestination, nextSecretVersion, updateDestination } from "@/db/stores/alerts";
import { ALERTS_MAX, type AlertEvent, type CreateAlert, type UpdateAlert } from "@/lib/contract/alerts";
import { decodeId, encodeId } from "@/lib/contract/ids";
import type { Caller } from "../caller";
import { unfit } from "../leasing/payload-fit";
import { done, type Outcome, refused } from "../outcome";
import type { Services } from "../services";

type AlertServices = Pick<Services, "alerts" | "clock" | "db" | "keys">;

const DEFAULT_EVENTS: AlertEvent[] = ["execution.failed", "execution.timed_out", "execution.quarantined"];

/** With the signing secret of a webhook. */
export async function createAlert(
  { alerts, clock, db, keys }: AlertServices,
  { namespaceId, actor }: Caller,
  { name, kind, target, events = DEFAULT_EVENTS, enabled = true }: CreateAlert,
): Promise<Outcome<{ id: string; secret: string | null }>> {
  const problem = unfit({ name, target });
  if (problem !== null) return refused(problem.code, problem.message);
  const id = keys.next();
  const inserted = await insertDestination(
    db,
    {
      id,
      namespaceId,
      name,
      kind,
      sealedTarget: await alerts.secrets.seal(id, target),
      shownTarget: kind === "email" ? target : new URL(target).host,
      events: [...new Set(events)],
      secretVersion: 1,
      enabled,
      createdAt: new Date(clock.now()),
      createdBy: actor,
    },
    ALERTS_MAX,
  );
  if (!inserted) return refused("INVALID_REQUEST", `A namespace may have ${ALERTS_MAX} alerts.`);
  const secret = kind === "webhook" ? await alerts.secrets.signingSecret(id, 1) : null;
  return done({ id: encodeId("alert", id), secret });
}

export async function updateAlert(
  { db }: Pick<Services, "db">,
  { namespaceId }: Caller,
  ref: string,
  change: UpdateAlert,
): Promise<Outcome<null>> {
  const problem = unfit(change);
  if (problem !== null) return refused(problem.code, problem.message);
  const id = decodeId("alert", ref);
  const found = id !== null && (await updateDestination(db, namespaceId, id, change));
  return found ? done(null) : refused("ALERT_NOT_FOUND");
}

/** What it was still to be told is told to nobody. */
export async function deleteAlert(
  { db }: Pick<Services, "db">,
  { namespaceId }: Caller,
  ref: string,
): Promise<Outcome<null>> {
  const id = decodeId("alert", ref);
  const found = id !== null && (await deleteDestination(db, namespaceId, id));
  return found ? done(null) : refused("ALERT_NOT_FOUND");
}

/** Of a webhook. The old secret signs nothing from then on. */
export async function rotateAlertSecret(
  { alerts, db }: Pick<Services, "alerts" | "db">,
  { namespaceId }: Caller,
  ref: string,
): Promise<Outcome<{ secret: string }>> {
  const id = decodeId("alert", ref);
  const version = id === null ? null : await nextSecretVersion(db, namespaceId, id);
  if (id === null || version === null) return refused("ALERT_NOT_FOUND", "There is no webhook of that id.");
  return done({ secret: await alerts.secrets.signingSecret(id, version) });
}

/** Sends a message now. */
export async function testAlert(
  { alerts, db }: Pick<Services, "alerts" | "db">,
  { namespaceId }: Caller,
  ref: string,
): Promise<Outcome<{ delivered: boolean; error: string | null }>> {
  const id = decodeId("alert", ref);
  const row: DestinationRow | null = id === null ? null : await firstRow(db, destinationById(namespaceId, id));
  if (row === null) return refused("ALERT_NOT_FOUND");
  const error = await alerts.test(row);
  return done({ delivered: error === null, error });
}
