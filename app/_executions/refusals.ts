/** The refusals of an operation, put together by their code, the most frequent first. Pure. */
import { executionsTexts } from "@/lib/client/texts/executions";
import type { Operation } from "@/lib/contract/operations";

interface RefusalGroup {
  code: string;
  /** In words; of a code that has none here, in the server's. */
  said: string;
  executions: string[];
}

export function refusalsByCode(errors: Operation["errors"]): RefusalGroup[] {
  const groups = new Map<string, RefusalGroup>();
  for (const { code, message, executionId } of errors) {
    const group = groups.get(code) ?? {
      code,
      said: executionsTexts.operations.refusal(code, message),
      executions: [],
    };
    if (executionId) group.executions.push(executionId);
    groups.set(code, group);
  }
  return [...groups.values()].sort((a, b) => b.executions.length - a.executions.length);
}
