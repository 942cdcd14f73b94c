"use client";
/** How bad a finding is: by shape, tone and a word for ears. */
import { CircleX, TriangleAlert } from "lucide-react";
import { editorFindingsTexts as words } from "@/lib/client/texts/editor-findings";
import type { Finding } from "@/lib/contract/findings";
import { classNames } from "../../_ui/class-names";

export function SeverityMark({ severity, className }: { severity: Finding["severity"]; className?: string }) {
  const Icon = severity === "error" ? CircleX : TriangleAlert;
  return (
    // An error is red and a warning amber, as steps are that failed and that need a look.
    <span data-status={severity === "error" ? "failed" : "retrying"} className={classNames("shrink-0", className)}>
      <Icon aria-hidden size={13} className="text-tone" />
      <span className="sr-only">{words.severity[severity]}</span>
    </span>
  );
}
