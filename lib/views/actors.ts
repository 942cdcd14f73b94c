/** Who stands behind the actors that histories and lists name. */
import type { Queryable } from "@/db/client";
import { namesOfKeys, namesOfMembers, namesOfSchedules, namesOfWorkers } from "@/db/queries/actors";
import { allRows, type Query } from "@/db/queries/query";
import type { Actor } from "@/lib/contract/actors";
import { decodeId, encodeId, type IdKind } from "@/lib/contract/ids";

type NamesOf = (namespaceId: number, ids: readonly bigint[]) => Query<{ id: bigint; name: string }>;

/** What is named by an id of ours, and whether one needs no more than the inbox to learn its name. */
const KINDS: { word: string; kind: IdKind; names: NamesOf; isForAll: boolean }[] = [
  { word: "key", kind: "apiKey", names: namesOfKeys, isForAll: true },
  { word: "worker", kind: "worker", names: namesOfWorkers, isForAll: false },
  { word: "schedule", kind: "schedule", names: namesOfSchedules, isForAll: false },
];

export interface ActorReach {
  organisationId: number;
  namespaceId: number;
  /** Workers and schedules too. */
  seesAll: boolean;
}

/** Those that are known there; an actor that is not is left out. At most one statement a kind. */
export async function namesOfActors(
  reads: Queryable,
  { organisationId, namespaceId, seesAll }: ActorReach,
  actors: readonly string[],
): Promise<Actor[]> {
  const idsOf = (word: string) =>
    actors.flatMap((actor) => (actor.startsWith(`${word}:`) ? [actor.slice(word.length + 1)] : []));
  const users = idsOf("user");
  const people = users.length === 0 ? [] : await allRows(reads, namesOfMembers(organisationId, users));
  const named = await Promise.all(
    KINDS.filter(({ isForAll }) => isForAll || seesAll).map(async ({ word, kind, names }) => {
      const ids = idsOf(word).flatMap((id) => decodeId(kind, id) ?? []);
      const rows = ids.length === 0 ? [] : await allRows(reads, names(namespaceId, ids));
      return rows.map(({ id, name }) => ({ actor: `${word}:${encodeId(kind, id)}`, name }));
    }),
  );
  return [...people.map(({ id, name }) => ({ actor: `user:${id}`, name })), ...named.flat()];
}
