/** What a namespace may use, and how long it keeps what is over. */
import { type NamespaceSettings, namespaceSettingsSchema } from "@/lib/contract/namespace-settings";
import { readNamespaceSettings } from "@/lib/engine/limits/namespace-settings";
import { findNamespace, setNamespaceSettings } from "@/lib/engine/limits/set-namespace-settings";
import { json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";

const SETTINGS = "/api/v1/namespaces/{namespace}/settings" as const;

export const namespaceSettingsRoutes = [
  route({
    method: "GET",
    path: SETTINGS,
    permission: "administer",
    summary: "The limits of a namespace, and how long it keeps closed executions",
    answers: { 200: namespaceSettingsSchema },
    problems: ["NAMESPACE_NOT_FOUND"],
    async handle({ params, principal, instance: { services } }) {
      const namespace = await findNamespace(services, principal.organisationId, params.namespace);
      return namespace.ok ? json(200, await readNamespaceSettings(services.db, namespace.value)) : namespace;
    },
  }),
  route({
    method: "PUT",
    path: SETTINGS,
    permission: "administer",
    audit: "namespace.set",
    summary: "Sets all of them; what is left out has no limit, and is kept for ever",
    body: namespaceSettingsSchema,
    answers: { 200: namespaceSettingsSchema },
    problems: ["NAMESPACE_NOT_FOUND"],
    async handle({ params, body, principal, audit, instance: { services } }) {
      const namespace = await findNamespace(services, principal.organisationId, params.namespace);
      if (!namespace.ok) return namespace;
      const set = await setNamespaceSettings(services, namespace.value, body);
      if (!set.ok) return set;
      audit.tell({ details: changes(set.value) });
      return json(200, set.value.after);
    },
  }),
];

/** By its place, what each changed setting was and is. */
function changes({ before, after }: { before: NamespaceSettings; after: NamespaceSettings }) {
  const were = new Map(flat(before));
  return Object.fromEntries(
    flat(after).flatMap(([place, now]) => {
      const was = were.get(place) ?? null;
      return was === now ? [] : [[place, { was, now }]];
    }),
  );
}

function flat({ limits, retention }: NamespaceSettings): [string, string | number | null][] {
  return [
    ...Object.entries(limits).map(([name, value]): [string, number | null] => [`limits.${name}`, value]),
    ...Object.entries(retention).map(([name, value]): [string, string | number | null] => [`retention.${name}`, value]),
  ];
}
