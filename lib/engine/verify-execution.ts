/** Verifies an execution: whether everything that is stored beside its history follows from it. */
import type { Verification } from "@/lib/contract/executions";
import type { Caller } from "./caller";
import { findExecution } from "./execution-ref";
import { done, type Outcome, refused } from "./outcome";
import { proveExecution } from "./prove-execution";
import type { Services } from "./services";

export async function verifyExecution(
  services: Pick<Services, "db" | "graphs">,
  caller: Caller,
  ref: string,
): Promise<Outcome<Verification>> {
  const target = await findExecution(services, caller, ref);
  if (!target.ok) return target;
  const proof = await proveExecution(services, target.value);
  if (proof === null) return refused("EXECUTION_NOT_FOUND");
  const { stored, differences, signature } = proof;
  return done({ consistent: differences.length === 0, sequence: stored.sequence, differences, signature });
}
