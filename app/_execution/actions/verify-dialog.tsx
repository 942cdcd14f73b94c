"use client";
/** Verifies at once when opened, and says in words what came of it. */
import { CircleAlert, CircleCheck } from "lucide-react";
import { useEffect } from "react";
import { useVerification } from "@/lib/client/controls";
import { texts } from "@/lib/client/texts";
import { actionTexts } from "@/lib/client/texts/actions";
import type { Verification } from "@/lib/contract/executions";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Failure } from "../../_ui/failure";
import { Skeleton } from "../../_ui/skeleton";

const words = actionTexts.verify;
const LISTED = 50;

export function VerifyDialog({ executionId, onClose }: { executionId: string; onClose: () => void }) {
  const verification = useVerification(executionId);
  const { mutate, data, error } = verification;
  useEffect(() => mutate(), [mutate]);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={words.title} description={words.description} wide>
      <div className="flex min-h-28 flex-col gap-3 overflow-y-auto px-5 py-4">
        {error ? (
          <Failure error={error} onRetry={() => mutate()} />
        ) : data ? (
          <Result verification={data} />
        ) : (
          <div role="status" aria-label={words.running} className="flex flex-col gap-3">
            <Skeleton className="h-5 w-2/3" />
            <Skeleton className="h-5 w-1/2" />
          </div>
        )}
      </div>
      <div className="flex shrink-0 justify-end border-t px-5 py-3">
        <Button onClick={onClose}>{texts.common.close}</Button>
      </div>
    </Dialog>
  );
}

const IS_BAD: ReadonlySet<Verification["signature"]["status"]> = new Set(["invalid", "missing", "unknown"]);

function Result({ verification: { consistent, sequence, differences, signature } }: { verification: Verification }) {
  return (
    <>
      <Said isBad={!consistent}>
        {consistent
          ? words.consistent(sequence)
          : `${words.inconsistent(differences.length)} ${words.inconsistentNext}`}
      </Said>
      {differences.length > 0 && (
        <ul className="flex flex-col divide-y divide-line rounded-md border">
          {differences.slice(0, LISTED).map(({ where, stored, folded }) => (
            <li key={where} className="flex flex-col gap-0.5 px-2.5 py-2 text-xs">
              <span className="font-mono font-medium">{where}</span>
              <span className="break-words text-ink-2">
                {words.stored} <code className="font-mono">{JSON.stringify(stored)}</code>
              </span>
              <span className="break-words text-ink-2">
                {words.folded} <code className="font-mono">{JSON.stringify(folded)}</code>
              </span>
            </li>
          ))}
        </ul>
      )}
      <Said isBad={IS_BAD.has(signature.status)}>
        {words.signature[signature.status]}
        {signature.keyId !== null && (
          <span className="ml-1 font-mono text-xs text-ink-3">{words.keyId(signature.keyId)}</span>
        )}
      </Said>
    </>
  );
}

function Said({ isBad, children }: { isBad: boolean; children: React.ReactNode }) {
  const Icon = isBad ? CircleAlert : CircleCheck;
  return (
    <p data-status={isBad ? "failed" : "completed"} className="flex items-start gap-2">
      <Icon aria-hidden size={16} className="mt-0.5 shrink-0 text-tone" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
