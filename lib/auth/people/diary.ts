/** Writes into the audit log what people did with their accounts, in the log of each organisation that they belong to. */
import type { Pool } from "@/db/client";
import { type KnownPersonRow, knownPerson } from "@/db/queries/people";
import { firstRow } from "@/db/queries/query";
import type { AuditDeed, AuditOrigin, AuditTrail } from "@/lib/audit/trail";
import type { Call } from "@/lib/auth/people/call";
import { FIRST_ORGANISATION_ID } from "@/lib/auth/principal";
import type { JsonObject } from "@/lib/contract/json";

/** How it ended; `code` is null where it was done. */
export interface Ending {
  code: string | null;
  /** The password was right, and the second factor is asked for next. */
  halfDone: boolean;
  address: string | null;
  userAgent: string | null;
}

/** What a path does, where that does not depend on more than the path. */
const ACTIONS: Record<string, string> = {
  "/sign-out": "session.end",
  "/revoke-session": "session.end",
  "/revoke-sessions": "session.end",
  "/revoke-other-sessions": "session.end",
  "/request-password-reset": "password.reset_request",
  "/reset-password": "password.reset",
  "/change-password": "password.change",
  "/change-email": "email.change_request",
  "/two-factor/disable": "second_factor.disable",
  "/two-factor/generate-backup-codes": "second_factor.renew_codes",
  "/unlink-account": "sign_in_way.remove",
  "/update-user": "person.change",
  "/delete-user": "person.close",
};

export class Diary {
  constructor(
    private readonly db: Pool,
    private readonly audit: AuditTrail,
  ) {}

  /** Resolves once what was done is written; nobody waits for what was refused. */
  async write(call: Call, ending: Ending): Promise<void> {
    for (const { action, details } of deedsOf(call, ending)) {
      const person = await this.#person(call);
      const origins = originsOf(call, ending, person);
      // An address that belongs to nobody is written down nowhere: it may be a password in the wrong field.
      const deed: AuditDeed = { action, target: person?.email ?? null, ...(details && { details }) };
      if (ending.code === null) await Promise.all(origins.map((origin) => this.audit.done(origin, deed)));
      else for (const origin of origins) this.audit.refused(origin, deed, ending.code);
    }
  }

  /** What an account that is about to be closed belongs to is gone afterwards. */
  async before(call: Call): Promise<void> {
    if (call.path !== "/delete-user" || call.person === null) return;
    call.closing = await firstRow(this.db, knownPerson({ id: call.person.id }));
  }

  /** Whom it is about: whoever it turned out to be, whoever was signed in, or whose address was typed. */
  async #person(call: Call): Promise<KnownPersonRow | null> {
    const id = call.made?.id ?? call.about ?? call.confirmed?.id ?? call.begun.at(-1)?.userId ?? call.person?.id;
    const by = id !== undefined ? { id } : call.email !== null ? { email: call.email } : null;
    if (by === null) return null;
    return call.closing ?? firstRow(this.db, knownPerson(by));
  }
}

function deedsOf(call: Call, { code, halfDone }: Ending): { action: string; details?: JsonObject }[] {
  const { path, person, made, begun } = call;
  if (path === "/sign-up/email") return [{ action: "person.sign_up" }];
  if (path === "/sign-in/email") return halfDone ? [] : [{ action: "session.create" }];
  if (path.startsWith("/callback/")) {
    const details = { provider: path.slice("/callback/".length) };
    if (code === null && begun.length === 0) return [{ action: "sign_in_way.add", details }];
    return [...(made === null ? [] : [{ action: "person.sign_up", details }]), { action: "session.create", details }];
  }
  if (path === "/two-factor/verify-totp" || path === "/two-factor/verify-backup-code") {
    if (person === null)
      return [{ action: "session.create", details: { secondFactor: path.split("verify-")[1] ?? "" } }];
    // A code that is shown again by whoever is signed in changes nothing, unless the factor begins with it.
    return code !== null || begun.length > 0 ? [{ action: "second_factor.enable" }] : [];
  }
  if (path === "/two-factor/enable") return code === null ? [] : [{ action: "second_factor.enable" }];
  if (path === "/verify-email") {
    if (code !== null) return [{ action: "email.confirm" }];
    if (call.confirmed === null) return [];
    return [{ action: person !== null && person.email !== call.confirmed.email ? "email.change" : "email.confirm" }];
  }
  const action = ACTIONS[path];
  if (action === undefined) return [];
  if (path === "/sign-out" && person === null) return [];
  return [{ action, ...(path.startsWith("/revoke") && { details: { which: path.slice(1) } }) }];
}

function originsOf({ begun, person }: Call, ending: Ending, known: KnownPersonRow | null): AuditOrigin[] {
  const session = ending.code === null ? (begun.at(-1)?.id ?? person?.sessionId) : person?.sessionId;
  const isProven = person !== null || (ending.code === null && known !== null && session !== undefined);
  const origin = {
    namespaceId: null,
    // Whoever typed an address need not be its person.
    actor: isProven && known !== null ? `user:${known.id}` : "unknown",
    credential: session === undefined ? null : `session:${session}`,
    address: ending.address,
    userAgent: ending.userAgent,
    requestId: null,
  };
  const organisations = known?.organisations.length ? known.organisations : [FIRST_ORGANISATION_ID];
  return organisations.map((organisationId) => ({ ...origin, organisationId }));
}
