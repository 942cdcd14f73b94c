/** What one call under /api/auth did, as the hooks below it see it happen. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { KnownPersonRow } from "@/db/queries/people";
import type { Person } from "@/lib/auth/principal";

export interface Call {
  /** Without /api/auth and the query. */
  path: string;
  /** Whoever was signed in when it came. */
  person: Person | null;
  /** The e-mail address it names, in lower case; it may be anything that was typed there. */
  email: string | null;
  /** The token of an invitation that is open and for this very address. */
  invitation: string | null;
  /** By e-mail and password: the policy lets this one make an account. */
  admitted: boolean;
  /** The account that was made. */
  made: { id: string; email: string } | null;
  /** The person whose second factor is asked for, or whom a link in a mail is about. */
  about: string | null;
  /** Sessions that began, in order; the last one is the caller's. */
  begun: { id: string; userId: string }[];
  /** Whose e-mail address was changed or confirmed. */
  confirmed: { id: string; email: string } | null;
  /** Whose account it is about to close. */
  closing: KnownPersonRow | null;
}

const calls = new AsyncLocalStorage<Call>();

export function newCall(path: string, person: Person | null, email: string | null): Call {
  return {
    path,
    person,
    email,
    invitation: null,
    admitted: false,
    made: null,
    about: null,
    begun: [],
    confirmed: null,
    closing: null,
  };
}

export function during<T>(call: Call, work: () => Promise<T>): Promise<T> {
  return calls.run(call, work);
}

/** Null outside of any call: the server does it of its own. */
export function currentCall(): Call | null {
  return calls.getStore() ?? null;
}
