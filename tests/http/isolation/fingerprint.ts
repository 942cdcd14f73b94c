// All that a namespace and its organisation have in the database, as one text: a line for each table.
import type { Victim } from "./fixture";
import type { World } from "./world";

/** What calls leave behind later than they were answered: who called, and how often tasks of a queue ended. */
const OTHERS = new Set(["audit_log", "queue_rates"]);
/** Columns that every call may change. */
const HEARD_OF = ["last_used_at"];

/** One statement for each shape of the database, made once. */
const statements = new Map<string, Promise<string>>();

export async function fingerprint({ instance: { reads }, database }: World, victim: Victim): Promise<string> {
  const statement = statements.get(database) ?? compose(reads);
  statements.set(database, statement);
  const { rows } = await reads.query<{ name: string; hash: string }>({
    name: "fingerprint",
    text: await statement,
    values: [victim.namespaceId, victim.organisationId],
  });
  return rows.map(({ name, hash }) => `${name} ${hash}`).join("\n");
}

async function compose(reads: World["instance"]["reads"]): Promise<string> {
  const { rows } = await reads.query<{ name: string; column: string }>(
    `select c.relname as name, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attname in ('namespace_id', 'organisation_id') order by 1, 2`,
  );
  const byTable = new Map(rows.map(({ name, column }) => [name, column]));
  for (const { name, column } of rows) if (column === "namespace_id") byTable.set(name, column);
  const parts = [...byTable]
    .filter(([name]) => !OTHERS.has(name))
    .map(([name, column]) => part(name, `t.${column} = ${column === "namespace_id" ? "$1::int" : "$2::int"}`));
  const own = [part("namespaces", "t.id = $1::int"), part("organisations", "t.id = $2::int")];
  return [...parts.filter((sql) => !/from namespaces t/.test(sql)), ...own].join("\nunion all\n");
}

function part(table: string, condition: string): string {
  const row = `md5((to_jsonb(t) - '{${HEARD_OF.join()}}'::text[])::text)`;
  return `select '${table}' as name, count(*) || coalesce(md5(string_agg(${row}, '' order by ${row})), '') as hash
    from ${table} t where ${condition}`;
}
