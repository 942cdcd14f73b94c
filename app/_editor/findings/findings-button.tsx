"use client";
/** How much the validator has to say of the draft, in the editor's bar; leads to what it says. */
import { CircleAlert, TriangleAlert } from "lucide-react";
import { editorTexts as words } from "@/lib/client/texts/editor";
import { Button } from "../../_ui/button";
import { useFindings } from "../use-editor";
import { showInFrame } from "../use-frame";

export function FindingsButton() {
  const findings = useFindings();
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  if (findings.length === 0) return null;
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-label={words.findingsCount(errors, warnings)}
      onClick={() => showInFrame({ docked: "findings" })}
      className="gap-1 px-1.5 tabular"
    >
      {errors > 0 ? (
        <CircleAlert aria-hidden size={14} className="text-danger" />
      ) : (
        <TriangleAlert aria-hidden size={14} className="text-warning" />
      )}
      {findings.length}
    </Button>
  );
}
