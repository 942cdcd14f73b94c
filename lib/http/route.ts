/** A route, declared once: who may call it, what it takes, which use case it calls, what it answers. OpenAPI is read off it. */
import type { z } from "zod";
import type { Queryable } from "@/db/client";
import type { AuditDeed } from "@/lib/audit/trail";
import type { KeyLimits, Principal } from "@/lib/auth/principal";
import { isStorableText } from "@/lib/contract/json";
import type { Permission } from "@/lib/contract/permissions";
import type { ProblemCode } from "@/lib/contract/problems";
import { type Outcome, type Refusal, refused } from "@/lib/engine/outcome";
import { type Answer, json } from "@/lib/http/answer";
import type { Instance } from "@/lib/http/instance";
import { readJson } from "@/lib/http/json-body";
import { checkShape } from "@/lib/http/shape";
import type { WireRequest } from "@/lib/http/wire";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The names in braces of a path template. */
export type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name | keyof PathParams<Rest>]: string }
  : object;

/** What each status carries: a JSON schema, a media type that is not JSON, or null for no body. */
export type AnswerShape = z.ZodType | "text/event-stream" | "text/plain" | "text/html" | "application/x-ndjson" | null;

/** The entry of the audit log that a call writes; see `audit` of a route. */
export interface AuditNote {
  /** Names what was done it to, where the path does not say it; adds what was changed. */
  tell(more: Partial<Omit<AuditDeed, "action">>): void;
  /** Nothing was changed: there is no entry. */
  nothing(): void;
  /** The entry belongs in that organisation's log, whatever organisation the caller was in. */
  inLogOf(organisationId: number): void;
  /** Writes the entry within the transaction that makes the change; it is not written again afterwards. */
  within(transaction: Queryable, more?: Partial<Omit<AuditDeed, "action">>): Promise<void>;
}

export interface Call<Params, Query, Body> {
  principal: Principal;
  params: Params;
  query: Query;
  body: Body;
  /** Of the whole body as sent. */
  bodyBytes: number;
  instance: Instance;
  request: WireRequest;
  audit: AuditNote;
  signal: AbortSignal;
}

interface Declaration<Path extends string, Query extends z.ZodType, Body extends z.ZodType> {
  method: Method;
  path: Path;
  /**
   * `public` needs no credential; `person`: anyone who is signed in, whether they belong to an organisation or not; `anyone`:
   * that, or any key. What else such a route asks for it judges by itself.
   */
  permission: Permission | "public" | "person" | "anyone";
  /**
   * What the audit log calls it, as `thing.verb`. The entry is committed before a success is answered; the target is the
   * path's first parameter unless the handler tells another. Every route that changes something for others has one.
   */
  audit?: string;
  /** Which limits of a key it keeps to by itself; a key with others may not call it. */
  keeps?: readonly (keyof KeyLimits)[];
  summary: string;
  query?: Query;
  body?: Body;
  /** A member of the body whose items the use case judges one by one, so that a bad one is refused alone. */
  judgedLater?: string;
  /** Whether `Idempotency-Key` is listened to. */
  idempotent?: boolean;
  /** It may take long on purpose: that is not told as slow. */
  waits?: boolean;
  answers: Record<number, AnswerShape>;
  /** What it may refuse with, beyond what every route may. */
  problems?: readonly ProblemCode[];
  handle(call: Call<PathParams<Path>, z.output<Query>, z.output<Body>>): Promise<Answer | Refusal> | Answer;
}

export interface Route extends Omit<Declaration<string, z.ZodType, z.ZodType>, "handle"> {
  /** Parses, calls the use case, serialises. The caller has been authenticated and may call it. */
  serve(call: ServeCall): Promise<Answer | Refusal>;
}

export type ServeCall = Omit<Call<Record<string, string>, unknown, unknown>, "query" | "body" | "bodyBytes" | "signal">;

export function route<
  Path extends string,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(declared: Declaration<Path, Query, Body>): Route {
  const { handle, ...rest } = declared;
  return {
    ...rest,
    async serve(call) {
      const query = readQuery(declared.query, call.request.search);
      if (!query.ok) return query;
      const body = await readBody(declared.body, call.request, declared.judgedLater);
      if (!body.ok) return body;
      return handle({
        ...call,
        // The router took them from this very template.
        params: call.params as PathParams<Path>,
        query: query.value as z.output<Query>,
        body: body.value as z.output<Body>,
        bodyBytes: body.bytes,
        get signal() {
          return call.request.signal;
        },
      });
    },
  };
}

/** The usual end of a handler: the value with that status, or the refusal as it is. */
export function answer<T>(outcome: Outcome<T>, status = 200): Answer | Refusal {
  return outcome.ok ? json(status, outcome.value) : outcome;
}

function readQuery(schema: z.ZodType | undefined, search: string): Outcome<unknown> {
  if (search === "" && schema === undefined) return { ok: true, value: undefined };
  const given = new URLSearchParams(search);
  if (schema === undefined) return unknownParameters([...given.keys()]);
  const value: Record<string, string> = Object.create(null);
  for (const [name, text] of given) {
    if (name in value) return refused("INVALID_REQUEST", `The query names ${name} twice.`);
    if (!isStorableText(text)) return refused("INVALID_TEXT", "The query may contain no NUL.");
    value[name] = text;
  }
  return checkShape(schema, { ...value }, "query");
}

function unknownParameters(names: string[]): Refusal {
  const errors = names.map((name) => ({
    path: `/${name}`,
    code: "UNKNOWN_FIELD",
    message: "There is no such parameter",
  }));
  return refused("INVALID_REQUEST", "The query does not have the right shape.", { errors });
}

type ReadBody = Refusal | { ok: true; value: unknown; bytes: number };

async function readBody(schema: z.ZodType | undefined, request: WireRequest, judgedLater?: string): Promise<ReadBody> {
  if (schema === undefined) return { ok: true, value: undefined, bytes: 0 };
  const parsed = await readJson(request, judgedLater);
  if (!parsed.ok) return parsed;
  const shape = checkShape(schema, parsed.value.value, "body");
  return shape.ok ? { ...shape, bytes: parsed.value.bytes } : shape;
}
