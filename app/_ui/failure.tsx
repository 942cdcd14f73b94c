"use client";
/** A request that failed: what happened, the request id to quote, and a way to try again. */
import { CircleAlert, RotateCw } from "lucide-react";
import { ApiError } from "@/lib/client/api";
import { texts } from "@/lib/client/texts";
import { Button } from "./button";
import { Empty } from "./empty";

export function Failure({
  error,
  onRetry,
  title = texts.errors.title,
  level,
}: {
  error: Error;
  onRetry?: () => void;
  title?: string;
  level?: 1 | 2;
}) {
  return (
    <Empty icon={CircleAlert} title={title} level={level}>
      <p role="alert">{texts.errors.sentence(error)}</p>
      {error instanceof ApiError && error.requestId && (
        <p className="font-mono text-2xs text-ink-3">{texts.errors.requestId(error.requestId)}</p>
      )}
      {onRetry && (
        <Button onClick={onRetry}>
          <RotateCw aria-hidden size={14} />
          {texts.common.tryAgain}
        </Button>
      )}
    </Empty>
  );
}
