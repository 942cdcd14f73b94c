/** A namespace with everything in it, as lines that another program can read. */
import { readNamespaceSettings } from "@/lib/engine/limits/namespace-settings";
import { findNamespace } from "@/lib/engine/limits/set-namespace-settings";
import { route } from "@/lib/http/route";
import { exportNamespace } from "@/lib/views/namespace-export";

export const namespaceExportRoutes = [
  route({
    method: "GET",
    path: "/api/v1/namespaces/{namespace}/export",
    permission: "administer",
    audit: "namespace.export",
    summary: "Everything in a namespace but secrets, one JSON object a line; the last line counts the others",
    answers: { 200: "application/x-ndjson" },
    problems: ["NAMESPACE_NOT_FOUND"],
    async handle({ params, principal, signal, instance: { services, reads, clock } }) {
      const { namespace: name } = params;
      const namespace = await findNamespace(services, principal.organisationId, name);
      if (!namespace.ok) return namespace;
      const settings = await readNamespaceSettings(reads, namespace.value);
      const exported = { id: namespace.value, name, settings, now: clock.now() };
      return {
        status: 200,
        headers: {
          "content-type": "application/x-ndjson",
          "cache-control": "no-store",
          // Proxies that collect a whole answer would need the memory that this does not.
          "x-accel-buffering": "no",
          "content-disposition": `attachment; filename="${name}.ndjson"`,
        },
        body: exportNamespace(reads, exported, signal),
      };
    },
  }),
];
