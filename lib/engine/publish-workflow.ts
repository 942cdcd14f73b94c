/** Publishes a definition as the next version of its workflow; the same content again is the version it already is. */
import { createHash } from "node:crypto";
import { publishVersion } from "@/db/stores/workflows";
import type { Finding } from "@/lib/contract/findings";
import { canonicalJson } from "@/lib/contract/json";
import type { WorkflowPublished } from "@/lib/contract/workflows";
import { type Caller, reachesWorkflow } from "./caller";
import { done, type Outcome, type Refusal, refused } from "./outcome";
import type { Services } from "./services";
import { judgeWorkflow } from "./validate-workflow";

/**
 * `revived`: it was archived, and no longer is. Refused with all findings at once, as INVALID_DEFINITION, FORMAT_TOO_NEW or INVALID_TEXT; and as WORKFLOW_NOT_FOUND where
 * the caller is limited to other workflows.
 */
export async function publishWorkflow(
  services: Pick<Services, "clock" | "db" | "graphs">,
  caller: Caller,
  document: unknown,
  note?: string,
): Promise<Outcome<{ published: WorkflowPublished; existed: boolean; revived: boolean }>> {
  const { namespaceId, actor } = caller;
  const { definition, errors, warnings } = judgeWorkflow(document);
  if (definition === null || errors.length > 0) return refusal(errors);
  if (!reachesWorkflow(caller, definition.name)) return refused("WORKFLOW_NOT_FOUND");
  // The document as it was sent: defaults are not filled in, so that its hash is the sender's.
  const text = canonicalJson(document);
  const hash = createHash("sha256").update(text).digest();
  const { workflowId, version, existed, revived } = await publishVersion(services.db, {
    namespaceId,
    name: definition.name,
    hash,
    definition: text,
    publishedAt: new Date(services.clock.now()),
    publishedBy: actor,
    note: note ?? null,
  });
  if (existed) services.graphs.forget(namespaceId, definition.name);
  else services.graphs.published(namespaceId, definition.name, workflowId, version);
  const published = { name: definition.name, version, hash: hash.toString("hex"), warnings };
  return done({ published, existed, revived });
}

function refusal(findings: readonly Finding[]): Refusal {
  const [first] = findings;
  const code = first?.code === "FORMAT_TOO_NEW" || first?.code === "INVALID_TEXT" ? first.code : "INVALID_DEFINITION";
  const errors = findings.map(({ path, code, message }) => ({ path, code, message }));
  return refused(code, findings.length === 1 ? first?.message : undefined, { errors });
}
