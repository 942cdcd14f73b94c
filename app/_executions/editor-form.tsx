"use client";
/** The fields of one filter, taken over together. */
import type { FormEvent, ReactNode } from "react";
import { executionsTexts } from "@/lib/client/texts/executions";
import { Button } from "../_ui/button";

export function EditorForm({
  isReady,
  onSubmit,
  children,
}: {
  isReady: boolean;
  onSubmit: () => void;
  children: ReactNode;
}) {
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isReady) onSubmit();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 p-3">
      {children}
      <Button type="submit" variant="solid" size="sm" disabled={!isReady} className="self-end">
        {executionsTexts.filters.apply}
      </Button>
    </form>
  );
}
